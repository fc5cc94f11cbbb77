using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Tributary.Streaming.Clients;

namespace Tributary.Streaming.Reading;

/// <summary>
/// Reads stretches of partitions without a group and without keeping a place: to find what was written last, to build
/// anew what is in memory, to count. Any thread.
/// </summary>
public sealed class PartitionScans
{
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(30);
    private readonly KafkaClients _clients;
    private readonly TopicFacts _facts;

    internal PartitionScans(KafkaClients clients, TopicFacts facts) => (_clients, _facts) = (clients, facts);

    /// <summary>The topic's id at some moment after the question.</summary>
    public Task<Guid> TopicIdAsync(string topic, CancellationToken cancellationToken) =>
        _facts.TopicIdAsync(_clients.Options.NameOf(topic), cancellationToken);

    /// <summary>What a partition's log holds now.</summary>
    public Task<LogRange> RangeAsync(string topic, int partition, CancellationToken cancellationToken) =>
        _facts.RangeAsync(_clients.Options.NameOf(topic), partition, cancellationToken);

    /// <summary>The first offset whose record is as late as this, or null when none is.</summary>
    public async Task<long?> OffsetAtAsync(
        string topic, int partition, DateTimeOffset time, CancellationToken cancellationToken)
    {
        var place = new TopicPartition(_clients.Options.NameOf(topic), partition);
        var asked = new TopicPartitionOffsetSpec
        {
            TopicPartition = place,
            OffsetSpec = OffsetSpec.ForTimestamp(time.ToUnixTimeMilliseconds()),
        };
        var listed = await _facts.Admin
            .ListOffsetsAsync([asked], new() { RequestTimeout = AnswerMax })
            .WaitAsync(cancellationToken);
        var found = listed.ResultInfos.Single().TopicPartitionOffsetError.Offset.Value;
        return found < 0 ? null : found;
    }

    /// <summary>
    /// The records of a stretch, in order; ends with the last one before <paramref name="end"/>. Blocks while it waits.
    /// </summary>
    /// <exception cref="TimeoutException">Kafka was silent for too long.</exception>
    public IEnumerable<Record> Read(string topic, int partition, LogRange stretch, CancellationToken cancellationToken)
    {
        if (stretch.Earliest >= stretch.End) yield break;
        var place = new TopicPartition(_clients.Options.NameOf(topic), partition);
        using var consumer = _clients.Follower();
        consumer.Assign(new TopicPartitionOffset(place, stretch.Earliest));
        while (true)
        {
            var read = Next(consumer, place, cancellationToken);
            if (read.IsPartitionEOF || read.Offset >= stretch.End) yield break;
            yield return KafkaLog.RecordOf(read);
            if (read.Offset.Value + 1 >= stretch.End) yield break;
        }
    }

    private static ConsumeResult<byte[]?, byte[]?> Next(
        IConsumer<byte[]?, byte[]?> consumer, TopicPartition place, CancellationToken cancellationToken)
    {
        for (var waited = TimeSpan.Zero; waited < SilenceMax; waited += TimeSpan.FromMilliseconds(500))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (consumer.Consume(TimeSpan.FromMilliseconds(500)) is { } read) return read;
        }
        throw new TimeoutException($"Kafka gave nothing of {place} for {SilenceMax.TotalSeconds:0} s");
    }
}
