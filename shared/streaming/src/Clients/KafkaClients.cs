using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tributary.Streaming.Writing;

namespace Tributary.Streaming.Clients;

/// <summary>Makes every client of Kafka: the one place with librdkafka's settings and where its logs go.</summary>
internal sealed partial class KafkaClients(IOptions<KafkaOptions> options, ILogger<KafkaClients> logger)
{
    /// <summary>
    /// Brokers bound a batch of records and not a record, and librdkafka does not split a refused batch, so batches
    /// stay below the smallest limit that a topic may declare (<see cref="Topics.TopicPlan.MessageBytesFloor"/>).
    /// </summary>
    public const int ProducedBatchBytesMax = 256 << 10;

    private const int MessageBytesMax = 128 << 20; // The topic's own limit decides; the broker knows it.

    private readonly KafkaOptions _options = options.Value;

    public KafkaOptions Options => _options;

    public IConsumer<byte[]?, byte[]?> Consumer(string group, Action<ConsumerBuilder<byte[]?, byte[]?>> listen)
    {
        var session = (int)_options.SessionTimeout.TotalMilliseconds;
        var config = new ConsumerConfig(Common())
        {
            GroupId = _options.NameOf(group),
            AllowAutoCreateTopics = false,
            AutoOffsetReset = AutoOffsetReset.Error, // Never start over silently: the stored offset decides.
            EnableAutoOffsetStore = false, // Kafka's committed offset follows the stored one, for lag dashboards only.
            EnableAutoCommit = true,
            AutoCommitIntervalMs = 5_000,
            SessionTimeoutMs = session,
            HeartbeatIntervalMs = Math.Min(session / 4, 3_000),
            MaxPollIntervalMs = Math.Max(session, 300_000), // Readers poll all the time; a stuck one is replaced.
            PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky,
            QueuedMaxMessagesKbytes = 16 << 10,
            FetchWaitMaxMs = 250,
            FetchErrorBackoffMs = 100,
            CheckCrcs = true,
        };
        var builder = new ConsumerBuilder<byte[]?, byte[]?>(config)
            .SetKeyDeserializer(NullableBytes.Read)
            .SetValueDeserializer(NullableBytes.Read)
            .SetErrorHandler((_, error) => ClientError("consumer", group, error.Code, error.Reason))
            .SetLogHandler((_, message) => Log(message));
        listen(builder);
        return builder.Build();
    }

    /// <summary>
    /// Reads what it is assigned, in no group: nothing is committed, and every process reads all. Says where an end is.
    /// </summary>
    public IConsumer<byte[]?, byte[]?> Follower() =>
        new ConsumerBuilder<byte[]?, byte[]?>(new ConsumerConfig(Common())
        {
            GroupId = _options.NameOf("follower"), // librdkafka asks for a name; it is never joined.
            AllowAutoCreateTopics = false,
            AutoOffsetReset = AutoOffsetReset.Error,
            EnableAutoOffsetStore = false,
            EnableAutoCommit = false,
            EnablePartitionEof = true,
            QueuedMaxMessagesKbytes = 16 << 10,
            FetchWaitMaxMs = 250,
            FetchErrorBackoffMs = 100,
            CheckCrcs = true,
        })
        .SetKeyDeserializer(NullableBytes.Read)
        .SetValueDeserializer(NullableBytes.Read)
        .SetErrorHandler((_, error) => ClientError("consumer", "follower", error.Code, error.Reason))
        .SetLogHandler((_, message) => Log(message))
        .Build();

    /// <param name="gapless">What was sent is always a prefix of what was meant to be: nothing times out
    /// singly.</param>
    public IProducer<byte[]?, byte[]?> Producer(string name, bool gapless, Action<Error> failedForGood)
    {
        var config = new ProducerConfig(Common())
        {
            ClientId = $"tributary-{name}",
            EnableIdempotence = true,
            Acks = Acks.All,
            Partitioner = Partitioner.Murmur2Random, // Java's default: the same key is in the same partition for all.
            LingerMs = _options.Linger.TotalMilliseconds,
            BatchSize = ProducedBatchBytesMax,
            CompressionType = CompressionType.Lz4,
            MessageMaxBytes = MessageBytesMax,
            MessageTimeoutMs = gapless ? 0 : (int)_options.DeliveryTimeMax.TotalMilliseconds,
            EnableGaplessGuarantee = gapless ? true : null,
            QueueBufferingMaxMessages = 0, // Our own gate bounds the bytes, and waits instead of refusing.
            QueueBufferingMaxKbytes = 2_000_000,
            DeliveryReportFields = "status",
        };
        config.Set("allow.auto.create.topics", "false");
        return new ProducerBuilder<byte[]?, byte[]?>(config)
            .SetKeySerializer(NullableBytes.Write)
            .SetValueSerializer(NullableBytes.Write)
            .SetErrorHandler((_, error) =>
            {
                ClientError("producer", name, error.Code, error.Reason);
                if (error.IsFatal) failedForGood(error);
            })
            .SetLogHandler((_, message) => Log(message))
            .Build();
    }

    /// <summary>The same for a producer of bytes.</summary>
    public ProducerConfig ByteProducerSettings(ByteProducerOptions options)
    {
        var config = new ProducerConfig(Common())
        {
            ClientId = $"tributary-{options.Name}",
            EnableIdempotence = true,
            Acks = Acks.All,
            Partitioner = Partitioner.Murmur2Random,
            LingerMs = options.Linger.TotalMilliseconds,
            MaxInFlight = options.BatchesInFlightMax,
            BatchSize = ProducedBatchBytesMax,
            CompressionType = CompressionType.Lz4,
            MessageMaxBytes = MessageBytesMax,
            MessageTimeoutMs = (int)options.DeliveryTimeMax.TotalMilliseconds,
            QueueBufferingMaxMessages = 0,
            QueueBufferingMaxKbytes = 2_000_000,
        };
        config.Set("allow.auto.create.topics", "false");
        return config;
    }

    public IAdminClient Admin() => new AdminClientBuilder(new AdminClientConfig(Common()))
        .SetErrorHandler((_, error) => ClientError("admin client", "admin", error.Code, error.Reason))
        .SetLogHandler((_, message) => Log(message))
        .Build();

    private ClientConfig Common() => new()
    {
        BootstrapServers = _options.Brokers,
        ClientId = "tributary",
        SocketKeepaliveEnable = true,
        SocketNagleDisable = true,
        ReconnectBackoffMs = 50,
        ReconnectBackoffMaxMs = 1_000,
        TopicMetadataRefreshIntervalMs = 10_000, // A topic made after its reader started is found within it.
    };

    public void ClientReported(string name, Error error) => ClientError("producer", name, error.Code, error.Reason);

    public void Log(LogMessage message)
    {
        var level = (LogLevel)message.LevelAs(LogLevelType.MicrosoftExtensionsLogging);
        ClientLogged(level, message.Name, message.Facility, message.Message);
    }

    [LoggerMessage(LogLevel.Warning, "Kafka {Client} {Name} reported {Code}: {Reason}")]
    private partial void ClientError(string client, string name, ErrorCode code, string reason);

    [LoggerMessage("{Client} {Facility}: {Message}")]
    private partial void ClientLogged(LogLevel level, string client, string facility, string message);
}
