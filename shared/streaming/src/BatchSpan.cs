namespace Tributary.Streaming;

/// <summary>
/// A batch's place in its partition: from the stored offset to the offset after its last record, with the highest
/// position of each source once the batch is kept. Whoever keeps the rows moves the stored offset by it, in the same
/// transaction, and only from <see cref="Start"/>; the same transaction writes down what was rejected and what was
/// applied of it, so that a record is applied by the log or by a retry, never by both.
/// </summary>
/// <param name="Start">The stored offset, which may lie before the first record.</param>
/// <param name="End">The offset after the last record.</param>
/// <param name="Positions">Of every source that the stored offset knows, not only of this batch's.</param>
public sealed record BatchSpan(
    string Consumer, string Topic, Guid TopicId, int Partition, long Start, long End,
    IReadOnlyDictionary<Guid, long> Positions)
{
    /// <summary>
    /// Origins to write down as rejected (already there: nothing to do). Their dead letters are acknowledged.
    /// </summary>
    public IReadOnlyList<Origin> Rejected { get; init; } = [];

    /// <summary>Rejected origins to mark as applied: retried records that this batch handled.</summary>
    public IReadOnlyList<Origin> Applied { get; init; } = [];
}

/// <summary>Where a consumer goes on in a partition, and the highest position it has kept of each source.</summary>
public sealed record StoredOffset(
    Guid TopicId, int Partition, long NextOffset, IReadOnlyDictionary<Guid, long> Positions)
{
    /// <summary>
    /// Where the next batch ends, exactly, because it was written down before and may be kept already; null where it
    /// is the reader's to cut.
    /// </summary>
    public long? BatchEnd { get; init; }
}

/// <summary>Another owner moved the stored offset: nothing of this batch is kept. The reader reads it anew.</summary>
public sealed class AnotherOwnerException(BatchSpan span) : Exception(
    $"{span.Consumer}: the stored offset of {span.Topic}[{span.Partition}] is no longer {span.Start}")
{
    public BatchSpan Span { get; } = span;
}
