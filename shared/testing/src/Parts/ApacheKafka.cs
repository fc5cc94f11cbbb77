using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Tributary.Testing.Parts;

/// <summary>
/// One node of Apache Kafka from a runnable folder (<c>KAFKA_HOME</c>). After SIGKILL it needs some 12 s to come back:
/// it waits until the session of its former self is over.
/// </summary>
public sealed class ApacheKafka
{
    private readonly int _port;

    private ApacheKafka(PartCommand command, int port)
    {
        Command = command;
        _port = port;
    }

    public PartCommand Command { get; }

    public string Bootstrap => $"127.0.0.1:{_port}";

    /// <summary>Formats a data folder, and says how the node over it is started.</summary>
    public static async Task<ApacheKafka> PrepareAsync(
        string kafkaHome, TemporaryFolder folder, CancellationToken cancellationToken, string name = "kafka")
    {
        var port = FreePort.Next();
        var controllerPort = FreePort.Next();
        var home = Directory.CreateDirectory(folder.At(name)).FullName;
        var settings = Path.Combine(home, "server.properties");
        await File.WriteAllTextAsync(settings, $"""
            {await File.ReadAllTextAsync(Path.Combine(kafkaHome, "config/server.properties"), cancellationToken)}
            listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controllerPort}
            advertised.listeners=PLAINTEXT://127.0.0.1:{port}
            controller.quorum.voters=1@127.0.0.1:{controllerPort}
            log.dirs={home}/data
            auto.create.topics.enable=false
            group.min.session.timeout.ms=1000
            """, cancellationToken);
        var program = Path.Combine(kafkaHome, "kafka");
        await Commands.RequireAsync(
            [program, "storage", "format", "-t", "dHJpYnV0YXJ5LXJlZmVyZQ", "-c", settings], cancellationToken);

        var command = new PartCommand
        {
            Name = name,
            CommandLine = [program, "run", "kafka.Kafka", settings],
            LogFile = folder.At($"{name}.log"),
            IsReady = _ => Task.Run(() => HasBroker($"127.0.0.1:{port}"), cancellationToken),
            Environment = new Dictionary<string, string> { ["KAFKA_HEAP"] = "384m" },
        };
        return new(command, port);
    }

    /// <summary>Makes a topic with one replica of each partition.</summary>
    public async Task CreateTopicAsync(string topic, int partitions)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Bootstrap }).Build();
        await admin.CreateTopicsAsync(
            [new TopicSpecification { Name = topic, NumPartitions = partitions, ReplicationFactor = 1 }]);
    }

    // A broker whose former self is not yet given up has an open port, but is no member of its own cluster.
    private static bool HasBroker(string bootstrap)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrap })
            .SetLogHandler((_, _) => { })
            .Build();
        var metadata = admin.GetMetadata(TimeSpan.FromSeconds(2));
        return metadata.Brokers.Count > 0
            && metadata.Topics.All(topic => topic.Partitions.All(partition => partition.Leader >= 0));
    }
}
