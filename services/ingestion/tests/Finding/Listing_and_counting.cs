using System.Net;
using System.Text.Json.Nodes;
using Tributary.Contracts;
using Tributary.Testing;

namespace Tributary.Ingestion.Tests.Finding;

[Category("Integration")]
public class Listing_and_counting
{
    private static readonly DateTimeOffset Noon = TimeProvider.System.GetUtcNow().AddMinutes(-30);
    private RunningFinding _finding = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _finding = await RunningFinding.StartAsync();
        await _finding.Database.StoreAsync([.. Enumerable.Range(0, 7).Select(number => Sent.Event(
            $"id-{number}", number % 2 == 0 ? "even" : "odd", number < 5 ? Sent.Shop : Sent.Blog,
            at: Noon.AddSeconds(number / 2)))]);
        await _finding.Database.StoreAsync(Sent.Event("theirs", organisation: Sent.Stranger, at: Noon));
        await _finding.Database.StoreAsync(
            Sent.Refused("r-1"), Sent.Refused("r-2"), Sent.Refused("r-3", source: Sent.Blog));
        await _finding.Database.StoreRepeatsAsync(Sent.Shop, 4);
        await _finding.Database.StoreRepeatsAsync(Sent.Blog, 2);
    }

    [OneTimeTearDown]
    public async Task Stop() => await _finding.DisposeAsync();

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(50)]
    public async Task Pages_hold_every_event_once_latest_first(int limit)
    {
        Assert.That(await AllAsync($"limit={limit}"),
            Is.EqualTo(new[] { "id-6", "id-5", "id-4", "id-3", "id-2", "id-1", "id-0" }));
    }

    [TestCase("event=odd", new[] { "id-5", "id-3", "id-1" })]
    [TestCase("source=0192f0c4-0000-7000-8000-000000000012", new[] { "id-6", "id-5" })]
    [TestCase("user=nobody", new string[0])]
    [TestCase("user=browser-1&event=odd&limit=1", new string[0])]
    [TestCase("event=' or 1=1 --", new string[0])]
    public async Task A_filter_leaves_what_fits_it(string filter, string[] expected) =>
        Assert.That(await AllAsync(filter), Is.EqualTo(expected));

    [Test]
    public async Task A_span_of_time_leaves_what_lies_in_it()
    {
        var from = Uri.EscapeDataString($"{Noon.AddSeconds(0.5):O}");
        var to = Uri.EscapeDataString($"{Noon.AddSeconds(2):O}");

        Assert.That(await AllAsync($"from={from}&to={to}"), Is.EqualTo(new[] { "id-3", "id-2" }));
    }

    [Test]
    public async Task Refusals_have_their_own_list()
    {
        var all = await AllAsync("outcome=refused&limit=1");
        var shop = await AllAsync($"outcome=refused&source={Sent.Shop}&reason=no_identity");
        var none = await AllAsync("outcome=refused&reason=too_large");

        Assert.That(all, Is.EquivalentTo(new[] { "r-1", "r-2", "r-3" }));
        Assert.That(shop, Is.EquivalentTo(new[] { "r-1", "r-2" }));
        Assert.That(none, Is.Empty);
    }

    [TestCase("limit=0")]
    [TestCase("limit=501")]
    [TestCase("cursor=!")]
    [TestCase("cursor=bm90IG9uZQ")]
    [TestCase("outcome=lost")]
    [TestCase("reason=none")]
    [TestCase("source=shop")]
    [TestCase("from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z")]
    public async Task A_wrong_question_is_told_so(string question)
    {
        using var answer = await _finding.Client.GetAsync($"/api/v1/events?{question}");

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("detail"));
    }

    [Test]
    public async Task What_came_in_is_what_was_stored_and_repeated_and_refused()
    {
        var whole = await CountAsync("");
        var shop = await CountAsync($"source={Sent.Shop}");

        Assert.That(
            ((long)whole["stored"]!, (long)whole["repeats"]!, (long)whole["refused"]!), Is.EqualTo((7L, 6L, 3L)));
        Assert.That((long)whole["refusedByReason"]!["no_identity"]!, Is.EqualTo(3));
        Assert.That(
            ((long)shop["stored"]!, (long)shop["repeats"]!, (long)shop["refused"]!), Is.EqualTo((5L, 4L, 2L)));
        foreach (var counts in new[] { whole, shop })
        {
            Assert.That((long)counts["in"]!,
                Is.EqualTo((long)counts["stored"]! + (long)counts["repeats"]! + (long)counts["refused"]!));
        }
    }

    [Test]
    public async Task What_is_not_in_ClickHouse_yet_waits()
    {
        await using var stream = await SseReader.OpenAsync(_finding.Client, "/api/v1/events/live");
        await _finding.SendAsync(Topics.Received, Sent.Event("waits", source: Sent.Blog));

        JsonNode? lag = null;
        await Eventually.ThatAsync(
            async () => (int)(lag = (await CountAsync($"source={Sent.Blog}"))["lag"])!["waiting"]!, Is.EqualTo(1));
        Assert.That((double)lag!["milliseconds"]!, Is.GreaterThan(0));
    }

    private async Task<JsonNode> CountAsync(string question) =>
        JsonNode.Parse(await _finding.Client.GetStringAsync($"/api/v1/events/counts?{question}"))!;

    private async Task<List<string>> AllAsync(string question)
    {
        var (ids, cursor) = (new List<string>(), "");
        do
        {
            var page = JsonNode.Parse(await _finding.Client.GetStringAsync(
                $"/api/v1/events?{question}{(cursor.Length > 0 ? $"&cursor={cursor}" : "")}"))!;
            ids.AddRange(page["events"]!.AsArray().Select(told => (string)told!["messageId"]!));
            cursor = (string?)page["next"] ?? "";
        }
        while (cursor.Length > 0);
        return ids;
    }
}
