using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Tributary.Testing;

namespace Tributary.EmbeddedKafka.Tests.Conformance;

/// <summary>Confluent.Kafka's clients against one broker, and topics of a test's own on it.</summary>
internal sealed class Librdkafka(string address) : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lazy<IAdminClient> admin = new(() => new AdminClientBuilder(
        new AdminClientConfig { BootstrapServers = address }).SetLogHandler((_, _) => { }).Build());

    public string Address => address;

    public IAdminClient Admin => admin.Value;

    public static async Task<Librdkafka> ForAsync(string kind) => new(await Brokers.AddressAsync(kind));

    /// <summary>Returns when the topic can be seen: on Apache Kafka that is moments after it was made.</summary>
    public async Task<string> NewTopicAsync(int partitions = 1, Dictionary<string, string>? settings = null)
    {
        var topic = $"t-{Guid.NewGuid():N}";
        await Admin.CreateTopicsAsync(
            [new TopicSpecification { Name = topic, NumPartitions = partitions, ReplicationFactor = 1,
                Configs = settings }]);
        await Eventually.TrueAsync(() => HasLeaders(topic, partitions), "the topic has leaders", Patience);
        if (settings is not null)
            await Eventually.TrueAsync(() => HasSettingsAsync(topic, settings), "its settings are set", Patience);
        return topic;
    }

    public async Task<Dictionary<string, ConfigEntryResult>> SettingsAsync(string topic) =>
        (await Admin.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Topic, Name = topic }]))[0].Entries;

    public IProducer<string, string> Producer(Action<ProducerConfig>? change = null)
    {
        var config = new ProducerConfig { BootstrapServers = address, LingerMs = 1, Acks = Acks.All };
        change?.Invoke(config);
        return new ProducerBuilder<string, string>(config).SetLogHandler((_, _) => { }).Build();
    }

    public IConsumer<string, string> Consumer(
        string group, Action<ConsumerConfig>? change = null, Action<ConsumerBuilder<string, string>>? build = null)
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
        var builder = new ConsumerBuilder<string, string>(config).SetLogHandler((_, _) => { });
        build?.Invoke(builder);
        return builder.Build();
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

    private bool HasLeaders(string topic, int partitions)
    {
        var seen = Admin.GetMetadata(topic, Patience).Topics[0];
        return !seen.Error.IsError && seen.Partitions.Count == partitions
            && seen.Partitions.All(one => one.Leader >= 0);
    }

    private async Task<bool> HasSettingsAsync(string topic, Dictionary<string, string> settings)
    {
        var seen = await SettingsAsync(topic);
        return settings.All(setting => seen[setting.Key].Value == setting.Value);
    }

    public void Dispose()
    {
        if (admin.IsValueCreated) admin.Value.Dispose();
    }
}
