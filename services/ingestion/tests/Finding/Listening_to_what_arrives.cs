using System.Net;
using Tributary.Contracts;
using Tributary.Contracts.V1;

namespace Tributary.Ingestion.Tests.Finding;

[Category("Integration")]
public class Listening_to_what_arrives
{
    private const string Live = "/api/v1/events/live";

    [Test]
    public async Task Events_arrive_accepted_and_refused_of_the_source_that_was_asked_for()
    {
        await using var finding = await RunningFinding.StartAsync();
        await using var stream = await SseReader.OpenAsync(finding.Client, $"{Live}?source={Sent.Shop}");
        await stream.UntilAsync(block => block.Name == "ready");

        await finding.SendAsync(Topics.Received, Sent.Event("of-the-blog", source: Sent.Blog));
        await finding.SendAsync(Topics.Received, Sent.Event("theirs", organisation: Sent.Stranger));
        await finding.SendAsync(Topics.Received, Sent.Event("first"));
        var accepted = await stream.UntilAsync(block => block.Id.Length > 0);
        await finding.SendAsync(Topics.EventsRejected, Sent.Refused("second"));
        var refused = await stream.UntilAsync(block => block.Id.Length > 0);
        await finding.SendAsync(Topics.Received, Sent.Event("first"));
        var repeated = await stream.UntilAsync(block => block.Id.Length > 0);

        Assert.That((accepted.Name, (string)accepted.Json["messageId"]!), Is.EqualTo(("accepted", "first")));
        Assert.That((refused.Name, (string)refused.Json["reason"]!), Is.EqualTo(("refused", "no_identity")));
        Assert.That((repeated.Name, (string)repeated.Json["messageId"]!), Is.EqualTo(("repeated", "first")));
    }

    [Test]
    public async Task Who_comes_is_told_first_what_came_lately()
    {
        await using var finding = await RunningFinding.StartAsync();
        await finding.SendAsync(Topics.Received, Sent.Event("before"));

        await using var stream = await SseReader.OpenAsync(finding.Client, Live);
        var block = await stream.UntilAsync(block => block.Name is "accepted" or "ready");

        Assert.That((string?)block.Json["messageId"], Is.EqualTo("before"));
    }

    [Test]
    public async Task Who_comes_back_is_told_what_was_missed_and_nothing_twice()
    {
        await using var finding = await RunningFinding.StartAsync();
        string last;
        await using (var first = await SseReader.OpenAsync(finding.Client, Live))
        {
            await first.UntilAsync(block => block.Name == "ready");
            await finding.SendAsync(Topics.Received, Sent.Event("seen"));
            last = (await first.UntilAsync(block => block.Id.Length > 0)).Id;
        }

        await finding.SendAsync(Topics.Received, Sent.Event("missed"));
        await using var second = await SseReader.OpenAsync(finding.Client, Live, last);

        var next = await second.UntilAsync(block => block.Name is "accepted" or "gap");
        Assert.That((string?)next.Json["messageId"], Is.EqualTo("missed"));
    }

    [Test]
    public async Task An_id_of_another_life_is_answered_with_a_gap()
    {
        await using var finding = await RunningFinding.StartAsync();

        await using var stream = await SseReader.OpenAsync(finding.Client, Live, $"{Guid.NewGuid():N}-7");

        Assert.That((await stream.UntilAsync(block => block.Name is "gap" or "ready")).Name, Is.EqualTo("gap"));
    }

    [Test]
    public async Task Silence_is_broken_by_heartbeats()
    {
        await using var finding = await RunningFinding.StartAsync();
        await using var stream = await SseReader.OpenAsync(finding.Client, Live);

        var beat = await stream.UntilAsync(block => block.Comment.Length > 0);

        Assert.That(beat.Comment, Is.EqualTo("still here"));
    }

    [Test]
    public async Task When_there_are_too_many_the_stream_says_how_few_it_shows()
    {
        await using var finding = await RunningFinding.StartAsync(("Ingestion:Finding:ShownPerSecondMax", "5"));
        await using var stream = await SseReader.OpenAsync(finding.Client, Live);
        await stream.UntilAsync(block => block.Name == "ready");

        await finding.SendAsync(Topics.Received, Many(400));
        var sampled = await stream.UntilAsync(block => block.Name == "sampled");

        Assert.That((int)sampled.Json["acceptedOneIn"]!, Is.GreaterThan(1));
        Assert.That((int)sampled.Json["refusedOneIn"]!, Is.EqualTo(1));
    }

    [Test]
    public async Task One_organisation_may_open_so_many_streams()
    {
        await using var finding = await RunningFinding.StartAsync(
            ("Ingestion:Finding:ListenersPerOrganisationMax", "1"));
        await using (var stream = await SseReader.OpenAsync(finding.Client, Live))
        {
            using var second = await finding.Client.GetAsync(Live);
            Assert.That(second.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
            Assert.That(second.Headers.RetryAfter, Is.Not.Null);
        }

        await Tributary.Testing.Eventually.ThatAsync(async () =>
        {
            using var again = await finding.Client.GetAsync(Live, HttpCompletionOption.ResponseHeadersRead);
            return again.StatusCode;
        }, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task A_key_that_is_taken_back_ends_the_stream()
    {
        await using var finding = await RunningFinding.StartAsync();
        await using var stream = await SseReader.OpenAsync(finding.Client, Live);
        await stream.UntilAsync(block => block.Name == "ready");

        finding.Revoke();
        var end = await stream.UntilAsync(block => block.Name == "end");

        Assert.That((string)end.Json["reason"]!, Is.EqualTo("unauthorised"));
        Assert.That(await stream.NextAsync(), Is.Null);
    }

    [Test]
    public async Task A_stop_ends_the_stream_and_does_not_wait_for_it()
    {
        await using var finding = await RunningFinding.StartAsync();
        await using var stream = await SseReader.OpenAsync(finding.Client, Live);
        await stream.UntilAsync(block => block.Name == "ready");

        var stopping = finding.StopAsync();
        var end = await stream.UntilAsync(block => block.Name == "end");
        await stopping;

        Assert.That((string)end.Json["reason"]!, Is.EqualTo("stopping"));
    }

    private static Event[] Many(int count) =>
        [.. Enumerable.Range(0, count).Select(number => Sent.Event($"many-{number}"))];
}
