using System.ComponentModel.DataAnnotations;

namespace Tributary.Streaming;

/// <summary>Section <c>Kafka</c>: where Kafka is, and the bounds of what is sent there.</summary>
public sealed class KafkaOptions
{
    public const string Section = "Kafka";

    /// <summary><c>host:port</c>, several by commas.</summary>
    [Required]
    public string Brokers { get; init; } = "127.0.0.1:8084";

    /// <summary>Put before every topic and consumer group, so that environments may share a cluster.</summary>
    [RegularExpression("^[a-zA-Z0-9._-]{0,64}$", ErrorMessage = "Kafka:TopicPrefix: letters, digits, '.', '_', '-'")]
    public string TopicPrefix { get; init; } = "";

    /// <summary>
    /// A member that is silent for so long loses its partitions; a frozen process is replaced after it.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:06", "00:05:00")]
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After so long without an answer a delivery is refused or, where it may be written, unknown.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan DeliveryTimeMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What a producer holds that is not acknowledged; senders wait for room.</summary>
    [Range(1 << 20, 1 << 30)]
    public int BufferBytesMax { get; init; } = 64 << 20;

    /// <summary>How long a sender waits for room before its records are refused.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan BufferWaitMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a record waits for company; latency against throughput.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01")]
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Copies of each partition; -1 is the cluster's default.</summary>
    [Range(-1, 9)]
    public short ReplicationFactor { get; init; } = -1;

    /// <summary>How long a start waits for Kafka before it gives up.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan StartWaitMax { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The name that Kafka knows.</summary>
    public string NameOf(string topicOrGroup) => TopicPrefix + topicOrGroup;
}
