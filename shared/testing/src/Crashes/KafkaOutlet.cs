using Confluent.Kafka;

namespace Tributary.Testing.Crashes;

/// <summary>Where a record says that it comes from: the header that readers skip repeats by.</summary>
public readonly record struct RecordSource(Guid Source, long Position);

/// <summary>
/// A topic as an outlet: reads it from its earliest record to its end, as a reader that keeps the highest position of
/// each source per partition and skips what is not above it. A record without a source is never skipped.
/// </summary>
public sealed class KafkaOutlet(
    string bootstrap,
    string topic,
    Func<Message<string, byte[]>, IEnumerable<string>> idsOf,
    Func<Headers, RecordSource?> sourceOf)
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);

    /// <summary>How many records the last reading skipped.</summary>
    public int Skipped { get; private set; }

    /// <summary>The outlet of a <see cref="Round"/>.</summary>
    public Outlet Named(string consumer) => new(
        consumer,
        cancellationToken => Task.Run<IReadOnlyList<Sighting>>(() => Read(cancellationToken), cancellationToken));

    private List<Sighting> Read(CancellationToken cancellationToken)
    {
        using var consumer = new ConsumerBuilder<string, byte[]>(new ConsumerConfig
        {
            BootstrapServers = bootstrap,
            GroupId = $"outlet-{topic}", // Never joined: partitions are assigned by hand.
            EnableAutoCommit = false,
            EnablePartitionEof = true,
            AllowAutoCreateTopics = false,
        }).SetLogHandler((_, _) => { }).Build();

        var sightings = new List<Sighting>();
        Skipped = 0;
        foreach (var partition in PartitionsOf(consumer))
            ReadPartition(consumer, partition, sightings, cancellationToken);
        return sightings;
    }

    private void ReadPartition(
        IConsumer<string, byte[]> consumer, TopicPartition partition, List<Sighting> sightings,
        CancellationToken cancellationToken)
    {
        var highest = new Dictionary<Guid, long>();
        consumer.Assign(new TopicPartitionOffset(partition, Offset.Beginning));
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var record = consumer.Consume(Wait) ?? throw new TimeoutException($"{partition} did not answer");
            if (record.IsPartitionEOF) return;
            if (sourceOf(record.Message.Headers ?? []) is { } source)
            {
                if (highest.TryGetValue(source.Source, out var high) && source.Position <= high)
                {
                    Skipped++;
                    continue;
                }
                highest[source.Source] = source.Position;
            }
            var place = $"{topic}[{partition.Partition.Value}]@{record.Offset.Value}";
            var at = record.Message.Timestamp.UtcDateTime;
            sightings.AddRange(idsOf(record.Message).Select(id => new Sighting(id, place, at)));
        }
    }

    private List<TopicPartition> PartitionsOf(IConsumer<string, byte[]> consumer)
    {
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var found = admin.GetMetadata(topic, Wait).Topics.Single();
        return [.. found.Partitions.Select(partition => new TopicPartition(topic, partition.PartitionId))];
    }
}
