namespace Tributary.Streaming;

/// <summary>
/// Where a consumer's offsets live: beside what it makes of the records. Offsets are moved there by whoever keeps
/// the rows (by a <see cref="BatchSpan"/>, in the rows' transaction), never by the reader.
/// </summary>
public interface IOffsetStore
{
    /// <summary>
    /// The stored offsets of these partitions of a topic, under whatever topic ids they were stored;
    /// empty for a partition that was never read.
    /// </summary>
    ValueTask<IReadOnlyList<StoredOffset>> LoadAsync(
        string consumer, string topic, IReadOnlyCollection<int> partitions, CancellationToken cancellationToken);

    /// <summary>
    /// Writes down where a partition that was never read starts, unless another owner was first; returns what is
    /// stored.
    /// </summary>
    ValueTask<StoredOffset> BeginAsync(
        string consumer, string topic, Guid topicId, int partition, long earliest, CancellationToken cancellationToken);

    /// <summary>
    /// Which of these origins the consumer rejected (<see cref="BatchSpan.Rejected"/>) and has not applied since
    /// (<see cref="BatchSpan.Applied"/>). Only those are handled when they come back by the retry topic.
    /// </summary>
    ValueTask<IReadOnlySet<Origin>> OpenOriginsAsync(
        string consumer, IReadOnlyCollection<Origin> origins, CancellationToken cancellationToken);
}
