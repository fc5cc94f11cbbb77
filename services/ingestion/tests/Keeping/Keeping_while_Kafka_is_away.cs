using System.Net;
using Tributary.Ingestion.Tests.Receiving;
using Tributary.Testing;

namespace Tributary.Ingestion.Tests.Keeping;

[Category("Integration")]
public sealed class Keeping_while_Kafka_is_away
{
    [Test]
    public async Task Without_a_spool_senders_are_told_to_come_again()
    {
        await using var edge = await RunningEdge.StartAsync();
        await edge.StopBrokerAsync();

        var answer = await edge.PostAsync("/v1/track", """{"userId":"u"}""");

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(answer.Headers.RetryAfter?.Delta, Is.Not.Null);
    }

    [Test]
    public async Task With_a_spool_events_are_taken_and_reach_the_log_in_their_order()
    {
        await using var edge = await RunningEdge.StartAsync();
        await edge.StopAppAsync();
        await edge.StartAppAsync(("Ingestion:Spool:Folder", edge.Spool));
        await SendAllAsync(edge, from: 0, to: 20);
        await edge.StopBrokerAsync();
        await SendAllAsync(edge, from: 20, to: 60);

        edge.StartBroker();
        await SendAllAsync(edge, from: 60, to: 100);

        var wanted = Enumerable.Range(0, 100).Select(number => $"m-{number}");
        await Eventually.ThatAsync(
            () => edge.ReadLog().Select(sent => sent.MessageId).Distinct(), Is.EqualTo(wanted),
            TimeSpan.FromSeconds(60));
        await Eventually.ThatAsync(() => Directory.GetFiles(edge.Spool), Is.Empty, TimeSpan.FromSeconds(60));
    }

    [Test]
    public async Task What_is_in_the_spool_outlasts_the_process()
    {
        await using var edge = await RunningEdge.StartAsync();
        await edge.StopAppAsync();
        await edge.StartAppAsync(("Ingestion:Spool:Folder", edge.Spool));
        await edge.StopBrokerAsync();
        await SendAllAsync(edge, from: 0, to: 30);
        await edge.StopAppAsync();

        edge.StartBroker();
        await edge.StartAppAsync(("Ingestion:Spool:Folder", edge.Spool));

        await Eventually.ThatAsync(
            () => edge.ReadLog().Select(sent => sent.MessageId).Distinct(),
            Is.EqualTo(Enumerable.Range(0, 30).Select(number => $"m-{number}")), TimeSpan.FromSeconds(60));
    }

    /// <summary>One person's events, one after the other, each until it is taken, as senders do.</summary>
    private static async Task SendAllAsync(RunningEdge edge, int from, int to)
    {
        for (var number = from; number < to; number++)
        {
            var body = $$"""{"userId":"someone","messageId":"m-{{number}}"}""";
            await Eventually.TrueAsync(
                async () => (await edge.PostAsync("/v1/track", body)).StatusCode is HttpStatusCode.OK,
                "the event is taken", TimeSpan.FromSeconds(60));
        }
    }
}
