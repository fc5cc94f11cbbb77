using Confluent.Kafka;
using Tributary.EmbeddedKafka.Tests.Conformance;
using Tributary.Testing;

namespace Tributary.EmbeddedKafka.Tests;

/// <summary>Batches as librdkafka compresses them, in a topic that keeps the last record of each key.</summary>
public sealed class Compacting_what_clients_compressed
{
    private const int Records = 60;

    [TestCase(CompressionType.None)]
    [TestCase(CompressionType.Gzip)]
    [TestCase(CompressionType.Snappy)]
    [TestCase(CompressionType.Lz4)]
    [TestCase(CompressionType.Zstd)]
    public async Task The_last_record_of_each_key_stays_and_can_be_read(CompressionType compression)
    {
        using var folder = new TemporaryFolder("compacting");
        await using var broker = Brokers.Start(new BrokerOptions
        {
            DataFolder = folder.FullName,
            Listen = new(System.Net.IPAddress.Loopback, 0),
            UpkeepInterval = TimeSpan.FromMilliseconds(100),
        });
        using var kafka = new Librdkafka(broker.Address.ToString());
        var topic = await kafka.NewTopicAsync(settings: new()
        {
            ["cleanup.policy"] = "compact",
            ["segment.bytes"] = "1048576",
            ["min.cleanable.dirty.ratio"] = "0.01",
        });
        using var producer = kafka.Producer(config => config.CompressionType = compression);
        for (var index = 0; index < Records; index++)
            await producer.ProduceAsync(topic, new() { Key = $"key {index % 3}", Value = Value(index) });

        // Whatever is left, the last of each key is among it; in the end little more than the open segment is.
        List<ConsumeResult<string, string>> left = [];
        await Eventually.TrueAsync(
            () =>
            {
                left = ReadToEnd(kafka, topic);
                return left.Count < Records / 2;
            },
            "older records of the keys are gone");

        Assert.Multiple(() =>
        {
            foreach (var record in left)
                Assert.That(record.Message.Value, Is.EqualTo(Value((int)record.Offset.Value)), $"{record.Offset}");
            Assert.That(
                left.GroupBy(record => record.Message.Key).Select(key => key.Max(record => record.Offset.Value)),
                Is.EquivalentTo(new[] { Records - 3, Records - 2, Records - 1 }));
        });
    }

    /// <summary>Half of it can be compressed, so that every codec does and segments fill all the same.</summary>
    private static string Value(int index)
    {
        var noise = new byte[80_000];
        new Random(index).NextBytes(noise);
        return Convert.ToBase64String(noise) + new string('x', 100_000);
    }

    private static List<ConsumeResult<string, string>> ReadToEnd(Librdkafka kafka, string topic)
    {
        using var consumer = kafka.Consumer("reading", config => config.EnablePartitionEof = true);
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        var read = new List<ConsumeResult<string, string>>();
        while (consumer.Consume(Librdkafka.Patience) is { IsPartitionEOF: false } record) read.Add(record);
        return read;
    }
}
