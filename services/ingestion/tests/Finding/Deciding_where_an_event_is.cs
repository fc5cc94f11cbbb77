using Tributary.Contracts.V1;
using Tributary.Ingestion.Finding;

namespace Tributary.Ingestion.Tests.Finding;

public class Deciding_where_an_event_is
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TailView Whole = new(IsReady: true, OneIn: 1);
    private static readonly SeenByWindow Nothing = SeenByWindow.Nothing;

    [Test]
    public void The_furthest_place_is_where_it_is()
    {
        var seen = Seen(received: true, emitted: false);

        Assert.That(PlaceOf(FoundEvent.Decide(null, null, seen, isSpooled: true, Whole)),
            Is.EqualTo(EventPlace.Received));
        Assert.That(PlaceOf(FoundEvent.Decide(null, null, Seen(true, true), isSpooled: false, Whole)),
            Is.EqualTo(EventPlace.Emitted));
        Assert.That(PlaceOf(FoundEvent.Decide(new(Sent.Event("a"), Noon), null, seen, isSpooled: false, Whole)),
            Is.EqualTo(EventPlace.Stored));
        Assert.That(PlaceOf(FoundEvent.Decide(null, null, Nothing, isSpooled: true, Whole)),
            Is.EqualTo(EventPlace.Spooled));
    }

    [Test]
    public void What_was_refused_and_then_taken_is_taken()
    {
        var refused = new StoredRefusal(Sent.Refused("a"), Noon);

        Assert.That(FoundEvent.Decide(null, refused, Nothing, isSpooled: false, Whole),
            Is.TypeOf<FoundEvent.Refused>());
        Assert.That(FoundEvent.Decide(new(Sent.Event("a"), Noon), refused, Nothing, isSpooled: false, Whole),
            Is.TypeOf<FoundEvent.Taken>());
        Assert.That(FoundEvent.Decide(null, refused, Seen(true, false), isSpooled: false, Whole),
            Is.TypeOf<FoundEvent.Taken>());
    }

    [TestCase(true, 1, "never seen")]
    [TestCase(true, 8, "one record in 8")]
    [TestCase(false, 1, "may still be on its way")]
    public void Not_knowing_says_how_much_was_looked_at(bool isReady, int oneIn, string says) =>
        Assert.That(
            ((FoundEvent.Unknown)FoundEvent.Decide(null, null, Nothing, isSpooled: false, new(isReady, oneIn))).Reason,
            Does.Contain(says));

    [Test]
    public void The_way_begins_at_the_edge_and_is_in_order()
    {
        var found = (FoundEvent.Taken)FoundEvent.Decide(
            new(Sent.Event("a"), Noon.AddSeconds(3)), null, Seen(true, true), isSpooled: false, Whole);

        Assert.That(found.Steps.Select(step => StepView.NameOf(step.Place)),
            Is.EqualTo(new[] { "edge", "received", "emitted", "stored" }));
    }

    private static EventPlace PlaceOf(FoundEvent found) => ((FoundEvent.Taken)found).Place;

    private static SeenByWindow Seen(bool received, bool emitted)
    {
        var sent = Sent.Event("a", at: Noon);
        return new(new SeenEvent(new(Sent.Organisation, "a"), Sent.Shop, sent, Refusal: null)
        {
            Received = received ? new("received.v1", 0, 1, Noon.AddSeconds(1)) : null,
            Emitted = emitted ? new("events.v1", 0, 1, Noon.AddSeconds(2)) : null,
        }, Refusal: null);
    }
}
