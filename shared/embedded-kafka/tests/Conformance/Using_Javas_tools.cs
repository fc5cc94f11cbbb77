using Tributary.Testing;
using Tributary.Testing.Parts;

namespace Tributary.EmbeddedKafka.Tests.Conformance;

/// <summary>
/// Apache Kafka's own tools, which stand on its Java clients. They are found by KAFKA_HOME.
/// </summary>
[TestFixtureSource(typeof(Brokers), nameof(Brokers.All))]
[Category("Integration")]
public sealed class Using_Javas_tools(string kind)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private string address = "";
    private string tool = "";
    private string topic = "";

    [SetUp]
    public async Task PrepareAsync()
    {
        tool = Path.Combine(RealService.KafkaHome, "kafka");
        address = await Brokers.AddressAsync(kind);
        using var kafka = new Librdkafka(address);
        topic = await kafka.NewTopicAsync(partitions: 2);
    }

    [Test]
    public async Task Topics_are_made_described_extended_and_deleted()
    {
        var other = $"java-{Guid.NewGuid():N}";
        await RunAsync("topics", "--create", "--topic", other, "--partitions", "3", "--config", "retention.ms=1000");
        await ShowsAsync("PartitionCount: 3", "topics", "--describe", "--topic", other);
        await RunAsync("topics", "--alter", "--topic", other, "--partitions", "4");
        await ShowsAsync("PartitionCount: 4", "topics", "--describe", "--topic", other);
        await ShowsAsync("retention.ms=1000", "topics", "--describe", "--topic", other);
        await RunAsync("topics", "--delete", "--topic", other);
    }

    [Test]
    public async Task Records_of_the_console_producer_come_to_the_console_consumer_and_its_group()
    {
        await ShellAsync($"seq 1 100 | {tool} console-producer --bootstrap-server {address} --topic {topic}");
        var read = await RunAsync(
            "console-consumer", "--topic", topic, "--from-beginning", "--max-messages", "100", "--group", topic);
        var group = await RunAsync("consumer-groups", "--describe", "--group", topic);
        var listed = await RunAsync("consumer-groups", "--list");

        Assert.Multiple(() =>
        {
            Assert.That(read.Split('\n').Where(line => int.TryParse(line, out _)).ToHashSet(), Has.Count.EqualTo(100));
            Assert.That(group, Does.Contain(topic));
            Assert.That(listed, Does.Contain(topic));
        });
    }

    [Test]
    public async Task Settings_offsets_records_and_folders_are_looked_at_and_changed()
    {
        await RunAsync(
            "producer-perf-test", "--topic", topic, "--num-records", "1000", "--record-size", "100", "--throughput",
                "-1",
            "--command-property", $"bootstrap.servers={address}");
        await RunAsync(
            "configs", "--alter", "--entity-type", "topics", "--entity-name", topic, "--add-config",
            "retention.ms=99999");
        await ShowsAsync(
            "retention.ms=99999", "configs", "--describe", "--entity-type", "topics", "--entity-name", topic);
        var ends = await RunAsync("get-offsets", "--topic", topic);
        var deletion = Path.Combine(Path.GetTempPath(), $"{topic}.json");
        await File.WriteAllTextAsync(
            deletion, $$"""{"partitions":[{"topic":"{{topic}}","partition":0,"offset":1}],"version":1}""");
        var deleted = await RunAsync("delete-records", "--offset-json-file", deletion);
        File.Delete(deletion);
        var folders = await RunAsync("log-dirs", "--describe", "--topic-list", topic);

        Assert.Multiple(() =>
        {
            Assert.That(
                ends.Split('\n').Where(line => line.StartsWith(topic, StringComparison.Ordinal))
                    .Sum(line => int.Parse(line.Split(':')[2], System.Globalization.CultureInfo.InvariantCulture)),
                Is.EqualTo(1000));
            Assert.That(deleted, Does.Contain("low_watermark: 1"));
            Assert.That(folders, Does.Contain($"{topic}-0"));
        });
    }

    [Test]
    public async Task Verifiable_clients_agree_on_what_was_sent()
    {
        var sent = await RunAsync("verifiable-producer", "--topic", topic, "--max-messages", "500", "--acks", "-1");
        var read = await RunAsync(
            "verifiable-consumer", "--topic", topic, "--group-id", $"{topic}-verify", "--max-messages", "500",
            "--reset-policy", "earliest");

        Assert.Multiple(() =>
        {
            Assert.That(sent, Does.Contain("\"acked\":500"));
            Assert.That(read, Does.Contain("shutdown_complete"));
        });
    }

    [Test]
    public async Task The_consumers_perf_test_reads_what_the_producers_wrote_and_versions_are_listed()
    {
        await RunAsync(
            "producer-perf-test", "--topic", topic, "--num-records", "20000", "--record-size", "200", "--throughput",
                "-1",
            "--command-property", $"bootstrap.servers={address}");
        var read = await RunAsync("consumer-perf-test", "--topic", topic, "--num-records", "20000");
        var versions = await RunAsync("broker-api-versions");

        Assert.Multiple(() =>
        {
            Assert.That(read, Does.Contain(" 20000,"));
            Assert.That(versions, Does.Contain("Produce(0): 0 to").And.Contain("OffsetDelete(47)"));
        });
    }

    /// <summary>What Apache Kafka has taken it may show moments later.</summary>
    private Task ShowsAsync(string expected, string name, params string[] arguments) => Eventually.ThatAsync(
        async () => (await AskAsync(name, arguments)).Output, Does.Contain(expected), Patience);

    private async Task<string> RunAsync(string name, params string[] arguments)
    {
        var result = await AskAsync(name, arguments);
        Assert.That(result.ExitCode, Is.Zero, result.Output);
        return result.Output;
    }

    private async Task<CommandResult> AskAsync(string name, string[] arguments)
    {
        string[] server = name == "producer-perf-test" ? [] : ["--bootstrap-server", address];
        using var patience = new CancellationTokenSource(Patience);
        return await Commands.RunAsync([tool, name, .. server, .. arguments], patience.Token);
    }

    private static async Task ShellAsync(string script)
    {
        using var patience = new CancellationTokenSource(Patience);
        var result = await Commands.RunAsync(["sh", "-c", script], patience.Token);
        Assert.That(result.ExitCode, Is.Zero, result.Output);
    }
}
