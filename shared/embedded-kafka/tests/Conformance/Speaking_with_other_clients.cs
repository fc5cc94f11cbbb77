using Tributary.Testing;
using Tributary.Testing.Parts;

namespace Tributary.EmbeddedKafka.Tests.Conformance;

/// <summary>Clients that share no code with librdkafka of today, or with each other. On both brokers.</summary>
[TestFixtureSource(typeof(Brokers), nameof(Brokers.All))]
[Category("Integration")]
public sealed class Speaking_with_other_clients(string kind)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private string address = "";
    private string topic = "";

    [SetUp]
    public async Task FindBrokerAsync()
    {
        address = await Brokers.AddressAsync(kind);
        topic = $"clients-{Guid.NewGuid():N}";
    }

    [Test]
    public async Task Kcat_produces_reads_lists_and_asks_for_offsets()
    {
        using var kafka = new Librdkafka(address);
        var own = await kafka.NewTopicAsync();
        var kcat = RealService.Tool("kcat");

        await RunAsync(
            "sh", "-c", $"seq 1 1000 | {kcat} -q -b {address} -P -t {own} -z snappy -X enable.idempotence=true");
        var read = await RunAsync(kcat, "-q", "-b", address, "-C", "-t", own, "-o", "beginning", "-e");
        var listed = await RunAsync(kcat, "-q", "-b", address, "-L", "-t", own);
        var end = await RunAsync(kcat, "-q", "-b", address, "-Q", "-t", $"{own}:0:-1");

        Assert.Multiple(() =>
        {
            Assert.That(
                read.Split('\n', StringSplitOptions.RemoveEmptyEntries),
                Is.EqualTo(Enumerable.Range(1, 1000).Select(n => $"{n}")));
            Assert.That(listed, Does.Contain($"topic \"{own}\" with 1 partitions"));
            Assert.That(end, Does.Contain("offset 1000"));
        });
    }

    [Test]
    public async Task Kafkajs_makes_topics_produces_and_reads_in_a_group()
    {
        var library = await KafkaJsAsync();

        var said = await RunAsync(RealService.Tool("node"), Script("kafkajs.cjs"), address, topic, library);

        Assert.That(
            said.TrimEnd().Split('\n'),
            Is.EqualTo(new[] { "made 2", "group Stable", "committed 200", "ends 200", "done" }));
    }

    [Test]
    public async Task Kafka_python_produces_and_reads_in_a_group()
    {
        var python = await PythonAsync("kafka");

        var said = await RunAsync(python, Script("kafka_python.py"), address, topic);

        Assert.That(said.TrimEnd().Split('\n'), Is.EqualTo(
            new[] { "in order True", "committed 100", "ends [100]", "by time 0", "listed True", "done" }));
    }

    [Test]
    public async Task Confluent_kafka_for_python_produces_and_reads_in_a_group()
    {
        var python = await PythonAsync("confluent_kafka");

        var said = await RunAsync(python, Script("confluent.py"), address, topic);

        Assert.That(said.TrimEnd().Split('\n'), Is.EqualTo(
            new[] { "unsent 0", "in order True", "committed 500", "done" }));
    }

    private static string Script(string name) =>
        Path.Combine(Repository.Root, "shared/embedded-kafka/tests/Clients", name);

    /// <summary>Debian's own Python with a package of Debian's; another Python on PATH does not have it.</summary>
    private static async Task<string> PythonAsync(string package)
    {
        const string python = "/usr/bin/python3";
        if (!File.Exists(python)) Absent($"{python} is not there");
        var found = await Commands.RunAsync([python, "-c", $"import {package}"], CancellationToken.None);
        if (found.ExitCode != 0) Absent($"Debian's python3-{package.Replace('_', '-')} can't be used: {found.Output}");
        return python;
    }

    /// <summary>Kept beside the other things that are fetched once for a machine.</summary>
    private static async Task<string> KafkaJsAsync()
    {
        var folder = Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache/tributary/kafkajs-2.2.4");
        var library = Path.Combine(folder, "node_modules/kafkajs");
        if (Directory.Exists(library)) return library;

        var npm = RealService.Tool("npm");
        var installed = await Commands.RunAsync(
            [npm, "install", "--prefix", folder, "--no-audit", "--no-fund", "kafkajs@2.2.4"], CancellationToken.None);
        if (installed.ExitCode != 0) Absent("kafkajs could not be installed");
        return library;
    }

    private static void Absent(string reason)
    {
        if (Environment.GetEnvironmentVariable("CI") is { Length: > 0 }) Assert.Fail(reason);
        Assert.Ignore(reason);
    }

    private static async Task<string> RunAsync(params string[] commandLine)
    {
        using var patience = new CancellationTokenSource(Patience);
        var result = await Commands.RunAsync(commandLine, patience.Token);
        Assert.That(result.ExitCode, Is.Zero, result.Output);
        return result.Output;
    }
}
