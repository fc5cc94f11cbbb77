using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Tributary.Testing;
using Tributary.Testing.Parts;

namespace Tributary.FirstLight.Tests;

/// <summary>Unchanged libraries send their story through a door that refuses one call and loses two answers.</summary>
[Category("Integration")]
public sealed class Sending_with_the_official_libraries
{
    private static readonly TimeSpan ArrivesWithin = TimeSpan.FromSeconds(60);
    private static Senders? senders;

    private const string Sent = """
        select type, event, user_id, previous_id, group_id, name, revenue, currency,
            if(type = 'identify', JSONExtractString(traits, 'plan'), ''), JSONExtractRaw(properties, 'n'), message_id,
            anonymous_id,
            dateDiff('second', at, received_at), library_of
        from (select *, JSONExtractString(context, 'library', 'name') as library_of from events)
        where organisation = '{organisation}'
            and position(concat(user_id, anonymous_id, previous_id, group_id, properties), '{run}') > 0
        """;

    [OneTimeSetUp]
    public static async Task FetchLibraries()
    {
        senders = await Senders.FetchAsync(RealService.Tool("npm"));
        if (senders is null && Environment.GetEnvironmentVariable("CI") is { Length: > 0 }) Assert.Fail("npm has none");
        if (senders is null) Assert.Ignore("npm has none of the libraries");
    }

    [TestCase("rudder-gzip", "RudderStack")]
    [TestCase("rudder-plain", "RudderStack")]
    [TestCase("segment", "Segment")]
    public async Task From_a_server_each_event_arrives_once_with_its_fields(string library, string maker)
    {
        var run = NewRun();
        await using var door = await FaultyDoor.OpenAsync(Whole.Ingestion.Http, senders!.Libraries);
        door.Fail(refuse: 1, lose: 1);

        await senders.SendFromNodeAsync(RealService.Tool("node"), library, door.Address, Whole.House.Tenant, run);

        var rows = await ArrivedAsync(run, Server(run));
        Assert.That(rows, Is.EquivalentTo(Server(run)), maker);
        Assert.That(door.Faults, Is.EqualTo(2));
    }

    [Test]
    public async Task From_a_browser_each_event_arrives_once_with_its_fields(
        [Values("rudder", "segment")] string library, [Values] bool batches)
    {
        var chromium = RealService.Tool("chromium");
        var run = NewRun();
        await using var door = await FaultyDoor.OpenAsync(Whole.Ingestion.Http, senders!.Libraries);
        door.Fail(refuse: 1, lose: 1);
        var page = new Uri(door.Address, string.Create(CultureInfo.InvariantCulture,
            $"/page/{library}.html?key={Whole.House.Tenant.WriteKey}&run={run}&batch={(batches ? "true" : "false")}"));
        await using var browser = new Part(
            Senders.Browser(chromium, page, Whole.House.Folder, $"{library}-{batches}"));

        await browser.StartAsync(CancellationToken.None);

        var rows = await ArrivedAsync(run, Browser(run, library));
        Assert.That(rows, Is.EquivalentTo(Browser(run, library)));
        Assert.That(door.Faults, Is.EqualTo(2));
    }

    /// <summary>What arrives is followed while someone looks: looking for an event waits until it is.</summary>
    [SetUp]
    public async Task Look() => await Eventually.ThatAsync(
        LookForNothingAsync, Is.EqualTo(HttpStatusCode.NotFound), ArrivesWithin);

    private static async Task<HttpStatusCode> LookForNothingAsync()
    {
        using var http = new HttpClient();
        using var call = new HttpRequestMessage(
            HttpMethod.Get, new Uri(Whole.Ingestion.Http, "/api/v1/events/nobody-sent-this"));
        call.Headers.Authorization = new("Bearer", Whole.House.Tenant.ApiKey);
        using var answer = await http.SendAsync(call);
        return answer.StatusCode;
    }

    private static string NewRun() => $"run{Guid.NewGuid():n}";

    /// <summary>What `node.mjs` tells, as rows.</summary>
    private static List<string> Server(string run) =>
    [
        $"identify|identify|{run}-user||||0||pro|",
        $"track|Order Completed|{run}-user||||12.5|EUR||",
        $"page|page|{run}-user|||Pricing|0|||",
        $"screen|screen|{run}-user|||Home|0|||",
        $"group|group|{run}-user||{run}-group||0|||",
        $"alias|alias|{run}-user|{run}-anonymous|||0|||",
        .. Enumerable.Range(0, 30).Select(n => string.Create(
            CultureInfo.InvariantCulture, $"track|Item Viewed|||||0|||{n}")),
    ];

    // Segment's library puts the person whom it knows into each event, of alias too.
    private static List<string> Browser(string run, string library) =>
    [
        $"page|page|{run}-user|||Pricing|0|||",
        $"identify|identify|{run}-user||||0||pro|",
        $"track|Order Completed|{run}-user||||12.5|EUR||",
        $"group|group|{run}-user||{run}-group||0|||",
        $"alias|alias|{run}-user{(library == "rudder" ? "-2" : "")}|{run}-user|||0|||",
        .. Enumerable.Range(0, 10).Select(n => string.Create(
            CultureInfo.InvariantCulture, $"track|Item Viewed|{run}-user||||0|||{n}")),
    ];

    // A stream begins with what was just seen, so that one who comes late sees it too.
    private static async Task<HashSet<string>> NotShownLiveAsync(IEnumerable<string> messageIds)
    {
        var missing = messageIds.ToHashSet();
        using var patience = new CancellationTokenSource(ArrivesWithin);
        using var http = new HttpClient();
        using var call = new HttpRequestMessage(
            HttpMethod.Get,
            new Uri(Whole.Ingestion.Http, $"/api/v1/events/live?source={Whole.House.Tenant.Source}"));
        call.Headers.Authorization = new("Bearer", Whole.House.Tenant.ApiKey);
        using var answer = await http.SendAsync(call, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        answer.EnsureSuccessStatusCode();
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(patience.Token));
        try
        {
            while (missing.Count > 0 && await lines.ReadLineAsync(patience.Token) is { } line)
            {
                if (line.StartsWith("data: ", StringComparison.Ordinal)
                    && JsonNode.Parse(line["data: ".Length..])?["messageId"] is { } id) missing.Remove((string)id!);
            }
        }
        catch (OperationCanceledException)
        {
            // What is missing by now is told.
        }
        return missing;
    }

    private static async Task<List<string>> ArrivedAsync(string run, List<string> expected)
    {
        var query = Sent.Replace("{run}", run, StringComparison.Ordinal)
            .Replace("{organisation}", Whole.House.Tenant.Organisation.ToString(), StringComparison.Ordinal);
        string[][] rows = [];
        await Eventually.TryAsync(
            async () =>
            {
                var text = await Whole.House.AskAsync(query, CancellationToken.None);
                rows = [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))];
                return rows.Length >= expected.Count;
            },
            ArrivesWithin);
        Assert.That(rows.Select(row => row[10]), Is.Unique, "message ids");
        Assert.That(await NotShownLiveAsync(rows.Select(row => row[10])), Is.Empty, "on the live stream");
        Assert.That(rows.Select(row => row[12]), Has.All.Matches<string>(
            seconds => Math.Abs(long.Parse(seconds, CultureInfo.InvariantCulture)) < 60), "time");
        return [.. rows.Select(row => string.Join('|', row[..10]))];
    }
}
