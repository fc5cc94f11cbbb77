using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Tributary.EmbeddedKafka.Tests.Conformance;

/// <summary>Confluent.Kafka's clients against one broker, and topics of a test's own on it.</summary>
internal sealed class Librdkafka(string address) : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lazy<IAdminClient> admin = new(() => new AdminClientBuilder(
        new AdminClientConfig { BootstrapServers = address }).SetLogHandler((_, _) => { }).Build());

    public IAdminClient Admin => admin.Value;

    public static async Task<Librdkafka> ForAsync(string kind) => new(await Brokers.AddressAsync(kind));

    public async Task<string> NewTopicAsync(int partitions = 1, Dictionary<string, string>? settings = null)
    {
        var topic = $"t-{Guid.NewGuid():N}";
        await Admin.CreateTopicsAsync(
            [new TopicSpecification { Name = topic, NumPartitions = partitions, ReplicationFactor = 1,
                Configs = settings }]);
        return topic;
    }

    public IProducer<string, string> Producer(Action<ProducerConfig>? change = null)
    {
        var config = new ProducerConfig { BootstrapServers = address, LingerMs = 1, Acks = Acks.All };
        change?.Invoke(config);
        return new ProducerBuilder<string, string>(config).SetLogHandler((_, _) => { }).Build();
    }

    public IConsumer<string, string> Consumer(string group, Action<ConsumerConfig>? change = null)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = address,
            GroupId = group,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
            SessionTimeoutMs = 6_000,
            HeartbeatIntervalMs = 500,
            TopicMetadataRefreshIntervalMs = 1_000,
        };
        change?.Invoke(config);
        return new ConsumerBuilder<string, string>(config).SetLogHandler((_, _) => { }).Build();
    }

    public async Task SendAsync(string topic, int count, int partition = 0, Action<ProducerConfig>? change = null)
    {
        using var producer = Producer(change);
        var sent = Enumerable.Range(0, count).Select(index => producer.ProduceAsync(
            new TopicPartition(topic, partition), new Message<string,
                string>
            { Key = $"k{index}", Value = $"v{index}" }));
        await Task.WhenAll(sent);
    }

    /// <summary>Reads a partition without a group, from an offset on, until as many records came.</summary>
    public List<ConsumeResult<string, string>> Read(
        string topic, int count, int partition = 0, Offset? from = null, Action<ConsumerConfig>? change = null)
    {
        using var consumer = Consumer($"reader-{Guid.NewGuid():N}", change);
        consumer.Assign(new TopicPartitionOffset(topic, partition, from ?? Offset.Beginning));
        return Take(consumer, count);
    }

    public static List<ConsumeResult<string, string>> Take(IConsumer<string, string> consumer, int count)
    {
        using var patience = new CancellationTokenSource(Patience);
        var taken = new List<ConsumeResult<string, string>>();
        while (taken.Count < count) taken.Add(consumer.Consume(patience.Token));
        return taken;
    }

    public void Dispose()
    {
        if (admin.IsValueCreated) admin.Value.Dispose();
    }
}
