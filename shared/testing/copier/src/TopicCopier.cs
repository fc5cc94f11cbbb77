using System.Diagnostics.CodeAnalysis;
using Confluent.Kafka;
using Tributary.Streaming;
using Tributary.Streaming.Writing;
using Tributary.Testing.Crashes;

namespace Tributary.Copier;

/// <summary>
/// Writes each record of a topic to the same partition of another one, with its source and position, as recipe 2 has a
/// deduplicator do: it keeps no offset, goes on after the position in the other topic's tail, and ends when a delivery
/// fails. Two of it may own a partition at once; both write the same, and readers skip by position.
/// </summary>
public sealed class TopicCopier(CopierOptions options)
{
    /// <summary>Reached after every hundredth record was handed to the producer, before it is sent.</summary>
    public const string Step = "records handed over";

    private const int StepRecords = 100;
    private static readonly Guid Source = new("5f6f1f6e-3a53-4a8b-9a55-6f3b7d1c2e90");
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);

    [DoesNotReturn]
    public void Run()
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig
        {
            BootstrapServers = options.Bootstrap,
            EnableIdempotence = true,
            EnableGaplessGuarantee = true,
            MessageTimeoutMs = 0,
            LingerMs = 300, // Long enough for a freeze to find records that are not sent.
        }).Build();
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = options.Bootstrap,
            GroupId = $"copier-{options.To}",
            EnableAutoCommit = false,
            SessionTimeoutMs = 2_000,
            HeartbeatIntervalMs = 500,
        }).SetPartitionsAssignedHandler((_, partitions) => partitions.ConvertAll(AfterTail)).Build();
        consumer.Subscribe(options.From);
        File.WriteAllText(options.ReadyFile, "ready");
        for (var copied = 1; ;)
        {
            if (consumer.Consume(TimeSpan.FromMilliseconds(100)) is not { } record) continue;
            Copy(producer, record);
            if (copied++ % StepRecords == 0) CrashPoint.Reach(Step);
        }
    }

    private void Copy(IProducer<byte[], byte[]> producer, ConsumeResult<byte[], byte[]> record)
    {
        var from = new SourcePosition(Source, record.Offset.Value).ToHeader();
        var copy = new Message<byte[], byte[]>
        {
            Key = record.Message.Key,
            Value = record.Message.Value,
            Headers = [new Header(from.Name, from.Value.ToArray())],
        };
        producer.Produce(new TopicPartition(options.To, record.Partition), copy, report =>
        {
            if (report.Error.IsError) Environment.Exit(3); // Whatever came after it would leave a gap.
        });
    }

    private TopicPartitionOffset AfterTail(TopicPartition partition)
    {
        using var reader = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = options.Bootstrap,
            GroupId = $"tail-{options.To}", // Never joined: partitions are assigned by hand.
            EnableAutoCommit = false,
        }).Build();
        var copy = new TopicPartition(options.To, partition.Partition);
        var log = reader.QueryWatermarkOffsets(copy, Wait);
        if (log.High == log.Low) return new(partition, Offset.Beginning);

        reader.Assign(new TopicPartitionOffset(copy, log.High - 1));
        var tail = reader.Consume(Wait) ?? throw new TimeoutException($"{copy} did not answer");
        var headers = tail.Message.Headers.Select(header => new RecordHeader(header.Key, header.GetValueBytes()));
        return new(partition, SourcePosition.Of([.. headers])!.Value.Position + 1);
    }
}
