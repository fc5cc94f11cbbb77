using Tributary.Contracts;
using Tributary.Testing;

namespace Tributary.Ingestion.Tests;

/// <summary>The way of an event from received.v1 to a row, while nothing breaks.</summary>
[Category("Integration")]
public sealed class Counting_each_event_once
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Test]
    public async Task A_client_that_sends_everything_three_times_is_stored_once_and_its_repeats_are_counted()
    {
        await using var pipeline = await Pipeline.CreateAsync();
        var host = await pipeline.StartAsync(deduplicate: true, store: true);
        var events = Enumerable.Range(0, 300).Select(n => Pipeline.EventOf($"id-{n}", $"person-{n % 20}")).ToArray();

        await Pipeline.SendAsync(host, events);
        await Pipeline.SendAsync(host, events);
        await Pipeline.SendAsync(host, events);
        var last = Enumerable.Range(0, 20).Select(n => Pipeline.EventOf($"last-{n}", $"person-{n}"));
        await Pipeline.SendAsync(host, last);

        await Eventually.ThatAsync(pipeline.RowsAsync, Is.EqualTo(320L), Patience);
        await Eventually.ThatAsync(
            () => pipeline.CountAsync("select sum(repeats) from events_repeated"), Is.EqualTo(600L), Patience);
        Assert.That(await pipeline.DistinctAsync(), Is.EqualTo(320));
        await Eventually.ThatAsync(
            () => pipeline.CountAsync("select sum(events) from events_hourly"), Is.EqualTo(320L), Patience);
        Assert.That(await Pipeline.IdsAsync(host, Topics.Events), Is.Unique.And.Count.EqualTo(320));
    }
}
