using Confluent.Kafka;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Tributary.Contracts;
using Tributary.Testing;
using Tributary.Testing.Crashes;
using Tributary.Testing.Parts;

namespace Tributary.FirstLight.Tests;

/// <summary>One thing goes wrong for long, and is made good; each time with engines of its own.</summary>
[Category("Integration")]
public sealed class Failing_in_part
{
    private static readonly TimeSpan ArrivesWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Down = TimeSpan.FromSeconds(10);
    private static readonly Dictionary<string, string> Nothing = [];

    [Test]
    public async Task Without_its_file_the_deduplicator_still_knows_what_it_wrote()
    {
        ClickHouseEngine.IsNeeded();
        await using var rig = new CrashRig(TimeProvider.System, new RoundBounds());
        var house = await House.StartAsync(rig, CancellationToken.None);
        var edge = await house.AddIngestionAsync("edge", Works.Receive | Works.Store, Nothing, CancellationToken.None);
        await house.AddIngestionAsync("deduplicator", Works.Deduplicate, Nothing, CancellationToken.None);
        var deduplicator = rig.Parts.Single(part => part.Name == "deduplicator");
        using var load = new SenderLoad([edge.Http], house.Tenant) { BatchesMax = 10, Pause = TimeSpan.Zero };
        var sent = new Account(TimeProvider.System);
        await load.RunAsync(sent, CancellationToken.None);
        await Eventually.ThatAsync(
            () => house.CountAsync("events", CancellationToken.None), Is.EqualTo(sent.Count), ArrivesWithin);

        await deduplicator.KillAsync();
        Directory.Delete(house.StateOf("deduplicator"), recursive: true);
        await load.RunAsync(new Account(TimeProvider.System), CancellationToken.None); // The same ids again.
        house.StateOf("deduplicator");
        await deduplicator.StartAsync(CancellationToken.None);

        await AssertOnceAsync(house, sent);
    }

    [Test]
    public async Task With_ClickHouse_away_events_are_taken_and_all_of_them_arrive_afterwards()
    {
        ClickHouseEngine.IsNeeded();
        await using var rig = new CrashRig(TimeProvider.System, new RoundBounds());
        var house = await House.StartAsync(rig, CancellationToken.None);
        var ingestion = await house.AddIngestionAsync("ingestion", Works.All, Nothing, CancellationToken.None);
        using var load = new SenderLoad([ingestion.Http], house.Tenant);

        var report = await rig.RunAsync(
            new Round
            {
                Seed = 0,
                Acts = [new Act(TimeSpan.FromSeconds(2), Harm.Kill, "clickhouse", Down)],
                LoadAsync = load.RunAsync,
                Outlets = Outlets.Of(house),
            },
            CancellationToken.None);

        Assert.That(report.IsClean, Is.True, report.ToString());
        Assert.That(report.CountOf("died"), Is.Zero, report.ToString());
    }

    [Test]
    public async Task With_the_spool_on_a_full_disk_what_cannot_be_kept_is_not_acknowledged()
    {
        ClickHouseEngine.IsNeeded();
        await using var rig = new CrashRig(TimeProvider.System, new RoundBounds());
        var house = await House.StartAsync(rig, CancellationToken.None);
        await using var disk = await SmallDisk.MountAsync(rig.Folder.At("small"));
        var settings = new Dictionary<string, string> { ["Ingestion__Spool__Folder"] = disk.Folder };
        var ingestion = await house.AddIngestionAsync("ingestion", Works.All, settings, CancellationToken.None);
        using var load = new SenderLoad([ingestion.Http], house.Tenant);

        var report = await rig.RunAsync(
            new Round
            {
                Seed = 0,
                Acts = [new Act(TimeSpan.FromSeconds(1), Harm.Freeze, "kafka", Down)],
                LoadAsync = load.RunAsync,
                Outlets = Outlets.Of(house),
            },
            CancellationToken.None);

        Assert.That(report.IsClean, Is.True, report.ToString());
        Assert.That(load.Repeats, Is.Positive, "the disk was full");
        await rig.Parts.Single(part => part.Name == "ingestion").KillAsync(); // Lets go of the disk.
    }

    [Test]
    public async Task Sent_three_times_over_an_hour_of_the_records_clock_each_event_counts_once()
    {
        ClickHouseEngine.IsNeeded();
        await using var rig = new CrashRig(TimeProvider.System, new RoundBounds());
        var house = await House.StartAsync(rig, CancellationToken.None);
        await house.AddIngestionAsync("ingestion", Works.All, Nothing, CancellationToken.None);
        var begin = TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(1);
        var account = new Account(TimeProvider.System);

        for (var turn = 0; turn < 3; turn++)
            Receive(house, account, begin + TimeSpan.FromMinutes(30 * turn), isFirst: turn == 0);

        await AssertOnceAsync(house, account);
    }

    // As an edge writes it, with the time of the record moved.
    private static void Receive(House house, Account account, DateTimeOffset at, bool isFirst)
    {
        const int events = 2_000;
        using var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig
        {
            BootstrapServers = house.Kafka.Address,
            Partitioner = Partitioner.Murmur2Random,
        }).Build();
        for (var number = 0; number < events; number++)
        {
            var person = FormattableString.Invariant($"k{number % 20}");
            var id = KafkaLoad.IdOf(person, number / 20);
            if (isFirst) account.Sent(id, person, number / 20);
            var sent = new Contracts.V1.Event
            {
                Organisation = ByteString.CopyFrom(house.Tenant.Organisation.ToByteArray(bigEndian: true)),
                Source = ByteString.CopyFrom(house.Tenant.Source.ToByteArray(bigEndian: true)),
                App = ByteString.CopyFrom(house.Tenant.App.ToByteArray(bigEndian: true)),
                MessageId = id,
                Type = "track",
                Event_ = person,
                AnonymousId = person,
                ReceivedAt = at.ToTimestamp(),
                Timestamp = at.ToTimestamp(),
            };
            producer.Produce(
                Topics.Received.Name,
                new() { Key = Topics.Received.Key(sent), Value = sent.ToByteArray(), Timestamp = new(at) });
            if (isFirst) account.Acknowledged(id, "received");
        }
        producer.Flush(ArrivesWithin);
    }

    private static async Task AssertOnceAsync(House house, Account account)
    {
        var sightings = await new Drain(TimeProvider.System, new RoundBounds()).UntilSettledAsync(
            Outlets.Of(house), account, () => Task.CompletedTask, CancellationToken.None);
        var report = RoundReport.Of(0, TimeSpan.Zero, account, [], sightings);
        Assert.That(report.IsClean, Is.True, report.ToString());
    }
}
