using Tributary.Streaming.Clients;

namespace Tributary.Streaming.Reading;

/// <summary>Where a partition is read from, or why it can't be.</summary>
internal abstract record PartitionStart
{
    private PartitionStart() { }

    public sealed record GoOn(StoredOffset From) : PartitionStart;

    /// <summary>It was never read; what is kept of it is read from its first record on.</summary>
    public sealed record Begin(long Earliest) : PartitionStart;

    /// <summary>Going on would leave records out, or count them anew: someone has to say that this is meant.</summary>
    public sealed record Stop(string Sentence) : PartitionStart;

    /// <summary>Pure. The rows may be of several topic ids: a topic can be made anew.</summary>
    public static PartitionStart Decide(
        ReaderIdentity reader, int partition, Guid topicId, LogRange log, IReadOnlyCollection<StoredOffset> stored)
    {
        var accept =
            $"./tributary offsets accept {reader.Service} {reader.Topic} {partition} --at earliest|latest|OFFSET";
        var place = $"{reader.Consumer}: {reader.Topic}[{partition}]";
        if (stored.FirstOrDefault(row => row.TopicId == topicId) is not { } row)
        {
            if (stored.Count == 0) return new Begin(log.Earliest);
            var before = stored.MaxBy(old => old.NextOffset)!;
            return new Stop(
                $"{place} was made anew: {before.NextOffset} was the next offset of topic {before.TopicId:N}, and what "
                + $"was not read of it is gone; {topicId:N} holds {log.Earliest} to {log.End}; to go on: {accept}");
        }
        if (row.NextOffset < log.Earliest)
            return new Stop(
                $"{place} no longer holds records {row.NextOffset} to {log.Earliest - 1}, which were never read; "
                + $"to go on without them: {accept}");
        if ((row.BatchEnd ?? row.NextOffset) is var read && read > log.End)
            return new Stop(
                $"{place} ends at {log.End}, but was read up to {read}: Kafka has lost records, and new ones "
                + $"would take their offsets; to go on: {accept}");
        return new GoOn(row);
    }
}

/// <summary>Finds the start of a partition by the topic's id, the log's range and what is stored.</summary>
internal sealed class PartitionOpener(ReaderIdentity reader, ILog log, IOffsetStore offsets)
{
    public async Task<PartitionStart> OpenAsync(int partition, CancellationToken cancellationToken)
    {
        // In this order: an offset that another owner moves meanwhile is never above an end that was read later.
        var stored = await offsets.LoadAsync(reader.Consumer, reader.Topic, [partition], cancellationToken);
        var topicId = await log.TopicIdAsync(cancellationToken);
        var range = await log.RangeAsync(partition, cancellationToken);
        var start = PartitionStart.Decide(
            reader, partition, topicId, range, [.. stored.Where(row => row.Partition == partition)]);
        if (start is not PartitionStart.Begin begin) return start;

        var begun = await offsets.BeginAsync(
            reader.Consumer, reader.Topic, topicId, partition, begin.Earliest, cancellationToken);
        range = await log.RangeAsync(partition, cancellationToken);
        return PartitionStart.Decide(reader, partition, topicId, range, [begun]);
    }
}

/// <summary>Who reads what.</summary>
/// <param name="Consumer">Unique among all readers: it names the group and the stored offsets.</param>
/// <param name="Topic">As declared, without the environment's prefix.</param>
/// <param name="OriginTopic">The topic of whose records it tells: its own, or the one that it retries.</param>
internal sealed record ReaderIdentity(string Service, string Consumer, string Topic, string OriginTopic)
{
    /// <summary>Whether offsets may be missing between records, as they are in a compacted topic.</summary>
    public bool GapsAreUsual { get; init; }

    /// <summary>Whether a failed batch says nothing of where to go on, so that the start is found anew.</summary>
    public bool StartsAnewAfterFailure { get; init; }
}
