using Tributary.Copier;
using Tributary.Streaming;
using Tributary.Streaming.Writing;
using Tributary.Testing;
using Tributary.Testing.Crashes;
using Tributary.Testing.Parts;

namespace Tributary.Crash.Tests;

/// <summary>A topic made of another one by two owners at once, as the deduplicator's is.</summary>
[Category("Integration")]
public class Two_owners_of_a_copy
{
    private const string From = "received";
    private const string To = "events";

    [Test]
    public async Task What_a_thawed_owner_still_writes_is_skipped_by_position_and_nothing_is_lost()
    {
        await using var rig = new CrashRig(TimeProvider.System, new RoundBounds());
        var kafka = await ApacheKafka.PrepareAsync(RealService.KafkaHome, rig.Folder, default);
        await rig.StartAsync(kafka.Command, default);
        await kafka.CreateTopicAsync(From, partitions: 2);
        await kafka.CreateTopicAsync(To, partitions: 2);
        var copy = new KafkaOutlet(
            kafka.Bootstrap, To, message => [System.Text.Encoding.UTF8.GetString(message.Value)], SourceOf);
        var account = new Account(TimeProvider.System);
        await LoadOf(kafka).RunAsync(account, default);

        var mark = rig.Folder.At("mark");
        var first = await rig.StartAsync(
            Copier(rig, kafka, "first", CrashPoint.At(TopicCopier.Step, visit: 3, Harm.Freeze, mark)), default);
        await Eventually.ThatAsync(first.IsStopped, Is.True, TimeSpan.FromSeconds(60));
        await rig.StartAsync(Copier(rig, kafka, "second", new Dictionary<string, string>()), default);
        await SettleAsync(copy, account); // The second owner writes all of it, …
        first.Thaw();                     // … and then the first one sends what it still holds.
        await Eventually.ThatAsync(() => Skipped(copy), Is.Positive, TimeSpan.FromSeconds(30));

        var report = RoundReport.Of(0, TimeSpan.Zero, account, [], await SettleAsync(copy, account));
        TestContext.Out.WriteLine($"{report}skipped by position: {copy.Skipped}");
        Assert.That(report.IsClean, Is.True, report.ToString());
    }

    private static async Task<int> Skipped(KafkaOutlet copy)
    {
        await copy.Named("copy").ReadAsync(default);
        return copy.Skipped;
    }

    private static Task<IReadOnlyDictionary<string, IReadOnlyList<Sighting>>> SettleAsync(
        KafkaOutlet copy, Account account) =>
        new Drain(TimeProvider.System, new RoundBounds()).UntilSettledAsync(
            [copy.Named("copy")], account, () => Task.CompletedTask, default);

    private static KafkaLoad LoadOf(ApacheKafka kafka) => new()
    {
        Bootstrap = kafka.Bootstrap,
        Topic = From,
        Record = (id, key) => new() { Key = key, Value = System.Text.Encoding.UTF8.GetBytes(id) },
        PerSecond = 10_000,
        IdsMax = 2_000,
    };

    private static PartCommand Copier(
        CrashRig rig, ApacheKafka kafka, string name, IReadOnlyDictionary<string, string> more)
    {
        var ready = rig.Folder.At($"{name}.ready");
        var options = new CopierOptions(kafka.Bootstrap, From, To, ready);
        return DotNetProgram.Command(
            name, typeof(CopierOptions).Assembly, rig.Folder, options.ToEnvironment().Concat(more).ToDictionary(),
            _ => Task.FromResult(File.Exists(ready)));
    }

    private static RecordSource? SourceOf(Confluent.Kafka.Headers headers) =>
        SourcePosition.Of([.. headers.Select(header => new RecordHeader(header.Key, header.GetValueBytes()))])
            is { } source
            ? new(source.Source, source.Position)
            : null;
}
