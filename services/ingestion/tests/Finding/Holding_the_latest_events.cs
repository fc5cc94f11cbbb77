using Microsoft.Extensions.Options;
using Tributary.Ingestion.Finding;
using Tributary.Testing;

namespace Tributary.Ingestion.Tests.Finding;

public class Holding_the_latest_events
{
    private static readonly LiveScope All = new(Sent.Organisation, Source: null);
    private readonly ManualTime _time = new();

    [Test]
    public void The_oldest_goes_when_there_are_too_many()
    {
        var window = Window(new() { WindowEventsMax = 3 });

        for (var number = 0; number < 5; number++) window.Received(Sent.Event($"{number}"), Place(number), bytes: 10);

        Assert.That(window.Latest(All, after: 0, max: 10).Select(arrival => arrival.Event.Key.MessageId),
            Is.EqualTo(new[] { "2", "3", "4" }));
        Assert.That(window.Find(new(Sent.Organisation, "1")), Is.EqualTo(SeenByWindow.Nothing));
        Assert.That(window.Find(new(Sent.Organisation, "4")).Event, Is.Not.Null);
        Assert.That((window.Reaches(1), window.Reaches(2)), Is.EqualTo((false, true)));
    }

    [Test]
    public void The_oldest_goes_when_they_are_too_large()
    {
        var window = Window(new() { WindowBytesMax = 100 });

        for (var number = 0; number < 5; number++) window.Received(Sent.Event($"{number}"), Place(number), bytes: 40);

        Assert.That(window.Latest(All, after: 0, max: 10), Has.Count.EqualTo(2));
    }

    [Test]
    public void The_same_record_seen_again_is_no_repeat()
    {
        var window = Window(new());

        window.Received(Sent.Event("a"), Place(1), bytes: 1);
        window.Received(Sent.Event("a"), Place(1), bytes: 1);
        window.Emitted(Sent.Event("a"), Place(1) with { Topic = "events.v1" }, bytes: 1);

        Assert.That(window.Find(new(Sent.Organisation, "a")).Event, Has.Property("Repeats").EqualTo(0));
        Assert.That(window.Latest(All, after: 0, max: 10), Has.Count.EqualTo(1));
    }

    [Test]
    public void A_refusal_is_found_by_the_senders_id_and_by_its_own_until_it_goes()
    {
        var window = Window(new() { WindowEventsMax = 1 });
        var refused = Sent.Refused("a");
        var own = new Guid(refused.Rejection.Span, bigEndian: true).ToString();

        window.Refused(refused, Place(1), bytes: 1);
        Assert.That(window.Find(new(Sent.Organisation, "a")).Refusal, Is.Not.Null);
        Assert.That(window.Find(new(Sent.Organisation, own)).Refusal, Is.Not.Null);

        window.Received(Sent.Event("b"), Place(2), bytes: 1);
        Assert.That(window.Find(new(Sent.Organisation, "a")).Refusal, Is.Null);
        Assert.That(window.Find(new(Sent.Organisation, own)).Refusal, Is.Null);
    }

    [Test]
    public void A_listener_that_does_not_read_loses_the_rest_and_is_told_how_many()
    {
        var options = new FindingOptions { ListenerQueueMax = 10, ShownPerSecondMax = 1_000 };
        var listener = new LiveListener(All, options, _time);

        for (var number = 0; number < 25; number++)
        {
            var seen = new SeenEvent(new(Sent.Organisation, $"{number}"), Sent.Shop, Event: null, Refusal: null);
            listener.Offer(new(number, Arrival.Accepted, seen));
        }

        Assert.That(listener.Queue.Count, Is.EqualTo(10));
        Assert.That(listener.TakeDropped(), Is.EqualTo(15));
        Assert.That(listener.TakeDropped(), Is.Zero);
    }

    [Test]
    public void Few_are_all_shown_and_many_one_in_so_many()
    {
        var sampling = new Sampling(perSecondMax: 10);
        int Show(int count) => Enumerable.Range(0, count).Count(_ => sampling.Shows(_time.GetUtcNow()));

        Assert.That(Show(10), Is.EqualTo(10));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(Show(100), Is.EqualTo(10));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(sampling.Every(_time.GetUtcNow()), Is.EqualTo(10));
        Assert.That(Enumerable.Range(0, 100).Where(_ => sampling.Shows(_time.GetUtcNow())),
            Is.EqualTo(new[] { 0, 10, 20, 30, 40, 50, 60, 70, 80, 90 }), "spread over the second");
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(sampling.Every(_time.GetUtcNow()), Is.EqualTo(1));
    }

    private static EventWindow Window(FindingOptions options) =>
        new(Options.Create(options), new LiveListeners(Options.Create(options)));

    private static RecordPlace Place(long offset) => new("received.v1", 0, offset, DateTimeOffset.UnixEpoch);
}
