using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Tributary.Contracts;
using Tributary.Contracts.V1;
using Tributary.Ingestion.Finding;
using Tributary.Streaming.Writing;
using Tributary.Testing;

namespace Tributary.Ingestion.Tests.Finding;

[Category("Integration")]
public class Finding_an_event
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private RunningFinding _finding = null!;

    [OneTimeSetUp]
    public async Task Start() => _finding = await RunningFinding.StartAsync();

    [OneTimeTearDown]
    public async Task Stop() => await _finding.DisposeAsync();

    [Test]
    public async Task It_is_followed_from_the_edge_into_ClickHouse()
    {
        var sent = Sent.Event("followed");

        await _finding.SendAsync(Topics.Received, sent);
        var received = await UntilAsync("followed", "received");
        await _finding.SendAsync(Topics.Events, [sent], new SourcePosition(Guid.NewGuid(), 0).ToHeader());
        var emitted = await UntilAsync("followed", "emitted");
        await _finding.Database.StoreAsync(sent);
        var stored = await UntilAsync("followed", "stored");

        Assert.That((string)received["steps"]![1]!["topic"]!, Is.EqualTo("received.v1"));
        Assert.That((long)emitted["steps"]![2]!["offset"]!, Is.GreaterThanOrEqualTo(0));
        Assert.That(stored["steps"]!.AsArray().Select(step => (string)step!["place"]!),
            Is.EqualTo(new[] { "edge", "received", "emitted", "stored" }));
    }

    [Test]
    public async Task It_is_told_with_its_envelope_and_the_JSON_that_came()
    {
        await _finding.Database.StoreAsync(Sent.Event("whole"));

        var found = await UntilAsync("whole", "stored");

        var told = found["event"]!;
        Assert.That((string)told["event"]!, Is.EqualTo("order_completed"));
        Assert.That((string)told["clickIds"]!["gclid"]!, Is.EqualTo("g-1"));
        Assert.That(told["properties"]!.ToJsonString(), Does.Contain("99.50").And.Contain("12345678901234567890"));
    }

    [Test]
    public async Task A_repeat_is_counted_while_it_is_at_hand()
    {
        await _finding.SendAsync(Topics.Received, Sent.Event("again"), Sent.Event("again"), Sent.Event("again"));

        await Eventually.ThatAsync(
            async () => (int?)(await AskAsync("again")).Body?["repeats"], Is.EqualTo(2), Patience);
    }

    [Test]
    public async Task One_that_was_refused_says_why_and_shows_what_came()
    {
        await _finding.SendAsync(Topics.EventsRejected, Sent.Refused("refused"));

        var onItsWay = await UntilAsync("refused", "rejected");
        var refusal = Sent.Refused("refused-and-stored");
        await _finding.Database.StoreAsync(refusal);
        var stored = await UntilAsync("refused-and-stored", "rejected");
        var byItsOwnName = await UntilAsync($"{new Guid(refusal.Rejection.Span, bigEndian: true)}", "rejected");

        Assert.That((string)onItsWay["refusal"]!["reason"]!, Is.EqualTo("no_identity"));
        Assert.That((string)stored["refusal"]!["body"]!["event"]!, Is.EqualTo("order_completed"));
        Assert.That((string)byItsOwnName["refusal"]!["detail"]!, Does.Contain("userId"));
    }

    [TestCase("a/b//c")]
    [TestCase("a/../b")]
    [TestCase("50%25 off?#[]\"'`;--")]
    [TestCase("ключ 鍵 🔑")]
    [TestCase("' or 1 = 1")]
    [TestCase("tab\there\\n")]
    public async Task An_id_is_any_text(string messageId)
    {
        await _finding.Database.StoreAsync(Sent.Event(messageId));

        Assert.That((string)(await UntilAsync(messageId, "stored"))["messageId"]!, Is.EqualTo(messageId));
    }

    [Test]
    public async Task An_id_that_is_kept_by_its_hash_is_asked_for_as_it_was_sent_and_has_a_bound()
    {
        var longest = new string('x', 4_096);
        var kept = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(longest)));
        await _finding.Database.StoreAsync(Sent.Event(kept));

        await UntilAsync(longest, "stored");

        Assert.That((await AskAsync(longest + "x")).Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((await AskAsync("")).Status, Is.Not.EqualTo(HttpStatusCode.InternalServerError));
    }

    [Test]
    public async Task One_that_nobody_saw_is_not_known_and_so_is_one_of_another_organisation()
    {
        await _finding.SendAsync(Topics.Received, Sent.Event("theirs", organisation: Sent.Stranger));
        await _finding.Database.StoreAsync(Sent.Event("theirs-stored", organisation: Sent.Stranger));

        foreach (var id in new[] { "never", "theirs", "theirs-stored" })
        {
            var (status, body) = await AskAsync(id);
            Assert.That(status, Is.EqualTo(HttpStatusCode.NotFound), id);
            Assert.That((string)body!["title"]!, Is.EqualTo("The event is not known"));
        }
    }

    [Test]
    public async Task Services_are_told_the_same()
    {
        await _finding.Database.StoreAsync(Sent.Event("asked-by-a-service"));
        var answers = _finding.Services.GetRequiredService<AnswerFind>();
        var organisation = Sent.Event("x").Organisation;

        var found = await answers.AnswerAsync(
            new() { Organisation = organisation, MessageId = "asked-by-a-service" }, CancellationToken.None);
        var unknown = await answers.AnswerAsync(
            new() { Organisation = organisation, MessageId = "never" }, CancellationToken.None);

        Assert.That(found.Place, Is.EqualTo(EventPlace.Stored));
        Assert.That(found.Event.Properties.ToStringUtf8(), Does.Contain("99.50"));
        Assert.That(unknown.Place, Is.EqualTo(EventPlace.Unspecified));
        Assert.That(unknown.Detail, Does.Contain("never seen"));
    }

    [Test]
    public async Task Nobody_is_told_without_a_key()
    {
        using var client = new HttpClient { BaseAddress = _finding.Client.BaseAddress };

        foreach (var path in new[] { "/x", "", "/counts", "/live" })
        {
            using var answer = await client.GetAsync($"/api/v1/events{path}");
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized), path);
        }
    }

    private async Task<JsonNode> UntilAsync(string messageId, string place)
    {
        JsonNode? body = null;
        await Eventually.ThatAsync(
            async () => (string?)(body = (await AskAsync(messageId)).Body)?["place"], Is.EqualTo(place), Patience);
        return body!;
    }

    private async Task<(HttpStatusCode Status, JsonNode? Body)> AskAsync(string messageId)
    {
        // As curl would: what a browser's URL makes of dots is not what was asked for.
        var address = new Uri(
            $"{_finding.Client.BaseAddress}api/v1/events/{Uri.EscapeDataString(messageId).Replace(".", "%2E")}",
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var answer = await _finding.Client.GetAsync(address);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text) : null);
    }
}
