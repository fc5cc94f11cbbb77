using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Tributary.EmbeddedKafka.Server;
using Tributary.EmbeddedKafka.Tests.Conformance;
using Tributary.Testing;
using Tributary.Testing.Parts;

namespace Tributary.EmbeddedKafka.Tests;

/// <summary>The broker as a process, killed with SIGKILL while it works.</summary>
public sealed class Surviving_a_kill
{
    /// <summary>Rounds of the crash rig; more of them where CRASH_ROUNDS says so.</summary>
    private static readonly IEnumerable<int> Seeds = Enumerable.Range(
        1, int.TryParse(Environment.GetEnvironmentVariable("CRASH_ROUNDS"), out var rounds) ? rounds : 3);

    private TemporaryFolder folder = null!;
    private int port;

    [SetUp]
    public void Prepare()
    {
        folder = new TemporaryFolder("killed-broker");
        port = FreePort.Next();
    }

    [TearDown]
    public void Clean() => folder.Dispose();

    [TestCase("always")]
    [TestCase("interval")]
    [TestCase("os")]
    public async Task What_was_acknowledged_is_there_again(string fsync)
    {
        await using var part = new Part(Command(fsync));
        await part.StartAsync(CancellationToken.None);
        using var kafka = new Librdkafka($"127.0.0.1:{port}");
        var topic = await kafka.NewTopicAsync(partitions: 2);
        await kafka.SendAsync(topic, 1_000, partition: 1);
        using (var member = kafka.Consumer("kept"))
            member.Commit([new TopicPartitionOffset(topic, 1, 77)]);
        var id = await IdAsync(kafka, topic);

        await part.KillAsync();
        await part.StartAsync(CancellationToken.None);

        using var again = new Librdkafka($"127.0.0.1:{port}");
        using var reader = again.Consumer("kept");
        Assert.Multiple(async () =>
        {
            Assert.That(again.Read(topic, 1_000, partition: 1)[^1].Offset.Value, Is.EqualTo(999));
            Assert.That(
                reader.Committed([new TopicPartition(topic, 1)], Librdkafka.Patience)[0].Offset.Value, Is.EqualTo(77));
            Assert.That(await IdAsync(again, topic), Is.EqualTo(id));
        });
    }

    [TestCaseSource(nameof(Seeds))]
    public async Task An_idempotent_producer_loses_nothing_doubles_nothing_and_keeps_its_order(int seed)
    {
        await using var part = new Part(Command("interval"));
        await part.StartAsync(CancellationToken.None);
        using var kafka = new Librdkafka($"127.0.0.1:{port}");
        var topic = await kafka.NewTopicAsync(partitions: 3);
        var acknowledged = new List<string>();
        using var stop = new CancellationTokenSource();
        var producing = Task.Run(() => ProduceUntil(kafka, topic, acknowledged, stop.Token));

        var chance = new Random(seed);
        for (var kill = 0; kill < 4; kill++)
        {
            await Task.Delay(chance.Next(200, 900));
            if (chance.Next(3) == 0) await PauseAsync(part, TimeSpan.FromMilliseconds(chance.Next(100, 2_000)));
            await part.KillAsync();
            await part.StartAsync(CancellationToken.None);
        }

        await stop.CancelAsync();
        var sent = await producing;
        TestContext.Out.WriteLine($"round {seed}: {sent} sent, {acknowledged.Count} acknowledged, 4 kills");
        var read = Enumerable.Range(0, 3).SelectMany(partition => ReadAll(kafka, topic, partition)).ToList();

        Assert.Multiple(() =>
        {
            Assert.That(sent, Is.GreaterThan(1_000));
            Assert.That(acknowledged, Has.Count.EqualTo(sent), "every message was acknowledged in the end");
            Assert.That(read.Select(one => one.Message.Value), Is.Unique, "nothing is doubled");
            Assert.That(
                acknowledged.Except(read.Select(one => one.Message.Value)), Is.Empty, "nothing acknowledged is lost");
            foreach (var key in read.GroupBy(one => one.Message.Key))
                Assert.That(key.Select(one => int.Parse(one.Message.Value)), Is.Ordered, $"the order of {key.Key}");
        });
    }

    /// <summary>Stands still under load, then goes on with what came meanwhile.</summary>
    private static async Task PauseAsync(Part part, TimeSpan pause)
    {
        await part.FreezeAsync();
        await Task.Delay(pause);
        part.Thaw();
        await Task.Delay(TimeSpan.FromMilliseconds(200));
    }

    private static int ProduceUntil(Librdkafka kafka, string topic, List<string> acknowledged, CancellationToken stop)
    {
        using var producer = kafka.Producer(config =>
        {
            config.EnableIdempotence = true;
            config.MessageTimeoutMs = 0;
            config.EnableGaplessGuarantee = true;
            config.ReconnectBackoffMaxMs = 200;
        });
        var sent = 0;
        while (!stop.IsCancellationRequested)
        {
            var value = $"{sent++}";
            producer.Produce(topic, new Message<string, string> { Key = $"key {sent % 20}", Value = value }, report =>
            {
                if (report.Error.IsError) return;
                lock (acknowledged) acknowledged.Add(report.Message.Value);
            });
            if (sent % 20 == 0) producer.Poll(TimeSpan.FromMilliseconds(2));
        }

        producer.Flush(Librdkafka.Patience);
        return sent;
    }

    private static List<ConsumeResult<string, string>> ReadAll(Librdkafka kafka, string topic, int partition)
    {
        using var consumer = kafka.Consumer("counting");
        var end = consumer.QueryWatermarkOffsets(new TopicPartition(topic, partition), Librdkafka.Patience).High.Value;
        return kafka.Read(topic, (int)end, partition);
    }

    private static async Task<string> IdAsync(Librdkafka kafka, string topic) =>
        (await kafka.Admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([topic])))
            .TopicDescriptions[0].TopicId.ToString();

    private PartCommand Command(string fsync) => new()
    {
        Name = "embedded-kafka",
        CommandLine =
        [
            ToolPath.Require("dotnet"), "exec", typeof(Arguments).Assembly.Location,
            "--data", folder.At("data"), "--listen", $"127.0.0.1:{port}", "--fsync", fsync,
        ],
        LogFile = folder.At("broker.log"),
        IsReady = Probe.Port(port),
    };
}
