namespace Tributary.Streaming.Reading;

/// <summary>
/// The part of Kafka that a reader of one topic needs: <see cref="KafkaLog"/> in production, a list in tests. All of it
/// belongs to the reader's thread, but for the questions at the end, which any thread may ask.
/// </summary>
internal interface ILog : IDisposable
{
    /// <summary>Joins the group. The listener is called inside <see cref="Poll"/> and <see cref="Leave"/>.</summary>
    void Join(ILogListener listener);

    /// <summary>
    /// The next record of any partition that is not paused, or null when there is none within the wait.
    /// </summary>
    Record? Poll(TimeSpan wait);

    /// <summary>
    /// What <see cref="Poll"/> returns next of a partition. False while the partition can't be moved yet.
    /// </summary>
    bool TrySeek(int partition, long offset);

    void Pause(int partition);

    void Resume(int partition);

    /// <summary>Tells Kafka, in its own time, how far a partition was read: for dashboards, never for us.</summary>
    void ShowProgress(int partition, long nextOffset);

    /// <summary>The end of a partition as last seen, without asking; null when unknown.</summary>
    long? EndOf(int partition);

    /// <summary>Leaves the group, so that others need not wait for the session to end.</summary>
    void Leave();

    /// <summary>The topic's id at some moment after the question.</summary>
    Task<Guid> TopicIdAsync(CancellationToken cancellationToken);

    Task<Clients.LogRange> RangeAsync(int partition, CancellationToken cancellationToken);
}

internal interface ILogListener
{
    void Assigned(IReadOnlyList<int> partitions);

    /// <summary>Ours until this returns.</summary>
    void Revoked(IReadOnlyList<int> partitions);

    /// <summary>Ours no longer: someone else may be reading them.</summary>
    void Lost(IReadOnlyList<int> partitions);

    /// <summary>A partition (null: the topic) can't be read on from where it stands.</summary>
    void Faulted(int? partition, string reason);
}
