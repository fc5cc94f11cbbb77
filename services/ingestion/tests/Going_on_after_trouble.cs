using Google.Protobuf.WellKnownTypes;
using Tributary.Contracts;
using Tributary.EmbeddedClickHouse.Tests;
using Tributary.Ingestion.Verifying;
using Tributary.Streaming.Writing;
using Tributary.Testing;

namespace Tributary.Ingestion.Tests;

/// <summary>What is lost of the surroundings, and that nothing of the events is.</summary>
[Category("Integration")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.Children)]
public sealed class Going_on_after_trouble
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Test]
    public async Task A_restart_recognises_repeats_of_before_with_its_window_file_and_without([Values] bool isThere)
    {
        await using var pipeline = await Pipeline.CreateAsync();
        var first = await pipeline.StartAsync(deduplicate: true, store: false);
        var events = Enumerable.Range(0, 200).Select(n => Pipeline.EventOf($"id-{n}", $"person-{n % 9}")).ToArray();
        await Pipeline.SendAsync(first, events);
        await Eventually.ThatAsync(() => Pipeline.IdsAsync(first, Topics.Events), Has.Count.EqualTo(200), Patience);
        await pipeline.StopAsync(first);
        var files = Directory.GetFiles(pipeline.Windows.At("windows"));
        if (!isThere) foreach (var file in files) File.Delete(file);

        var second = await pipeline.StartAsync(deduplicate: true, store: false);
        await Pipeline.SendAsync(second, events);
        await Pipeline.SendAsync(second, Events("end", 9, people: 9));

        Assert.That(files, Is.Not.Empty);
        await Eventually.ThatAsync(
            () => EndsAsync(second), Is.EqualTo(9), Patience); // After them, no repeat is on its way.
        Assert.That(await Pipeline.IdsAsync(second, Topics.Events), Is.Unique.And.Count.EqualTo(209));
    }

    [Test]
    public async Task Bytes_that_are_no_event_are_dead_letters_and_block_nothing()
    {
        await using var pipeline = await Pipeline.CreateAsync();
        var host = await pipeline.StartAsync(deduplicate: true, store: true);
        var sent = Enumerable.Range(0, 40).Select(n => new OutgoingRecord(
            Topics.Received.Name, null, n % 2 == 0 ? [1, 2, 3] : Pipeline.BytesOf(Pipeline.EventOf($"id-{n}")))
        {
            Partition = 3,
        }).ToList();

        await Pipeline.SendAsync(host, sent);

        await Eventually.ThatAsync(pipeline.RowsAsync, Is.EqualTo(20L), Patience);
        Assert.That(await Pipeline.CountRecordsAsync(host, "dead.ingestion"), Is.EqualTo(20));
    }

    [Test]
    public async Task A_block_with_rows_of_300_months_is_stored_and_an_absurd_time_falls_back_to_the_receipt()
    {
        await using var pipeline = await Pipeline.CreateAsync();
        var host = await pipeline.StartAsync(
            deduplicate: true, store: true, ("Ingestion:ReadModel:EventsDays", "10950"),
            ("Ingestion:ReadModel:DailyDays", "10950"), ("Ingestion:ReadModel:SessionsDays", "10950"));
        var events = Enumerable.Range(0, 301).Select(n => Pipeline.EventOf($"id-{n}")).ToArray();
        for (var n = 0; n < 300; n++)
            events[n].Timestamp = Timestamp.FromDateTime(FirstMonth.AddMonths(n));
        events[300].Timestamp = new Timestamp { Seconds = -62_000_000_000 };

        await Pipeline.SendAsync(host, events);

        await Eventually.ThatAsync(pipeline.RowsAsync, Is.EqualTo(301L), Patience);
        Assert.That(await pipeline.CountAsync("select uniqExact(toYYYYMM(at)) from events"), Is.EqualTo(301));
        await Eventually.ThatAsync(
            () => pipeline.CountAsync("select sum(events) from events_hourly"), Is.EqualTo(301L), Patience);
    }

    [Test]
    public async Task While_ClickHouse_is_away_rows_wait_and_come_once_it_is_back()
    {
        using var folder = new TemporaryFolder("away");
        ServerProcess.NeedsTheEngine();
        await using var pipeline = await Pipeline.CreateAsync();
        await using var server = new RestartingClickHouse(folder.At("data"));
        var host = await pipeline.StartAsync(
            deduplicate: true, store: true, ("ClickHouse:Url", $"{server.Address.AbsoluteUri}{pipeline.Database}"));
        await Pipeline.SendAsync(host, Events("id", 300, people: 40));
        await Eventually.ThatAsync(() => Pipeline.HealthAsync(host), Does.Contain("rows wait"), Patience);

        await server.StartAsync();
        await Eventually.ThatAsync(() => server.RowsAsync(pipeline.Database), Is.EqualTo(300L), Patience);
        await server.KillAsync();
        await Pipeline.SendAsync(host, Events("more", 300, people: 40));
        await Eventually.ThatAsync(() => Pipeline.HealthAsync(host), Does.Contain("rows wait"), Patience);
        await server.StartAsync();

        await Eventually.ThatAsync(() => server.RowsAsync(pipeline.Database), Is.EqualTo(600L), Patience);
        await Eventually.ThatAsync(() => Pipeline.HealthAsync(host), Is.Empty, Patience);
    }

    [Test]
    public async Task Verify_says_equal_and_after_a_row_was_added_or_taken_what_differs()
    {
        await using var pipeline = await Pipeline.CreateAsync();
        var host = await pipeline.StartAsync(deduplicate: true, store: true);
        var events = Enumerable.Range(0, 200).Select(n => Pipeline.EventOf($"id-{n}", $"person-{n % 9}")).ToArray();
        await Pipeline.SendAsync(host, events);
        await Pipeline.SendAsync(host, events);
        await Eventually.ThatAsync(pipeline.RowsAsync, Is.EqualTo(200L), Patience);

        var (equal, said) = await VerifyAsync(host);
        await pipeline.ClickHouse.ExecuteAsync(
            "insert into events_hourly (organisation, hour, event, events) "
            + $"values ('{Sample.Organisation}', toStartOfHour(now()), 'clicked', 1)", options: null, default);
        await pipeline.ClickHouse.ExecuteAsync(
            "delete from events where message_id = 'id-7'", options: null, default);
        var (different, saidOf) = await VerifyAsync(host);

        Assert.That((equal, different), Is.EqualTo((0, 1)), said + saidOf);
        Assert.That(said, Does.Contain("All is equal").And.Contain("200 events"));
        Assert.That(saidOf, Does.Contain("events_hourly").And.Contain("200 events in events.v1, 199 rows"));
    }

    private static readonly DateTime FirstMonth = new(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static IEnumerable<Contracts.V1.Event> Events(string name, int count, int people) =>
        Enumerable.Range(0, count).Select(n => Pipeline.EventOf($"{name}-{n}", $"person-{n % people}"));

    private static async Task<int> EndsAsync(Microsoft.Extensions.Hosting.IHost host) =>
        (await Pipeline.IdsAsync(host, Topics.Events)).Count(id => id.StartsWith("end-", StringComparison.Ordinal));

    private static async Task<(int Code, string Said)> VerifyAsync(Microsoft.Extensions.Hosting.IHost host)
    {
        using var output = new StringWriter();
        var code = await VerifyCommand.RunAsync(host, [], output, TextWriter.Null);
        return (code, output.ToString());
    }
}
