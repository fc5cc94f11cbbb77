using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Tributary.Testing;
using Tributary.Testing.Parts;

namespace Tributary.EmbeddedKafka.Tests;

/// <summary>
/// The brokers that the conformance suite is run against, unchanged: this one, and the Apache Kafka that KAFKA_HOME
/// names, where it does. Each is started once, when a test first asks for it.
/// </summary>
[SetUpFixture]
public sealed class Brokers
{
    public const string Ours = "embedded";
    public const string Apache = "apache";

    public static readonly string[] All =
        Environment.GetEnvironmentVariable("KAFKA_HOME") is { Length: > 0 } ? [Ours, Apache] : [Ours];

    private static readonly Lazy<(Broker Broker, TemporaryFolder Folder)> Embedded = new(StartOurs);
    private static readonly Lazy<Task<(Part Part, string Address, TemporaryFolder Folder)>> Referee =
        new(StartApacheAsync);

    public static async Task<string> AddressAsync(string kind)
    {
        if (kind == Ours) return Embedded.Value.Broker.Address.ToString();
        _ = RealService.KafkaHome;
        return (await Referee.Value).Address;
    }

    public static BrokerOptions Options(string folder) => new()
    {
        DataFolder = folder,
        Listen = new IPEndPoint(IPAddress.Loopback, 0),
    };

    public static Broker Start(BrokerOptions options) =>
        Broker.Start(options, TimeProvider.System, NullLoggerFactory.Instance);

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (Embedded.IsValueCreated)
        {
            await Embedded.Value.Broker.DisposeAsync();
            Embedded.Value.Folder.Dispose();
        }

        if (!Referee.IsValueCreated) return;
        var (part, _, folder) = await Referee.Value;
        await part.DisposeAsync();
        folder.Dispose();
    }

    private static (Broker Broker, TemporaryFolder Folder) StartOurs()
    {
        var folder = new TemporaryFolder("embedded-kafka");
        var options = Options(folder.FullName);
        return (
            Start(new BrokerOptions
            {
                DataFolder = options.DataFolder,
                Listen = options.Listen,
                AutoCreateTopics = false
            }), folder);
    }

    private static async Task<(Part Part, string Address, TemporaryFolder Folder)> StartApacheAsync()
    {
        var folder = new TemporaryFolder("apache-kafka");
        var kafka = await ApacheKafka.PrepareAsync(RealService.KafkaHome, folder, CancellationToken.None);
        var part = new Part(kafka.Command);
        await part.StartAsync(CancellationToken.None);
        return (part, kafka.Bootstrap, folder);
    }
}
