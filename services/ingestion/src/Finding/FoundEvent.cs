using Tributary.Contracts.V1;

namespace Tributary.Ingestion.Finding;

/// <summary>A place that an event came to, and when; the record's place where it is known.</summary>
internal sealed record EventStep(EventPlace Place, DateTimeOffset At, RecordPlace? Record);

/// <summary>Where an event is, and all that is known of its way there.</summary>
internal abstract record FoundEvent
{
    private FoundEvent() { }

    /// <summary>Taken, and as far as its last step says.</summary>
    public sealed record Taken(EventPlace Place, Event? Event, IReadOnlyList<EventStep> Steps, int Repeats)
        : FoundEvent;

    /// <summary>Refused, and never taken under the same id.</summary>
    public sealed record Refused(RejectedEvent Refusal, IReadOnlyList<EventStep> Steps) : FoundEvent;

    /// <summary>Nothing is known of it; <paramref name="Reason"/> says what that may mean.</summary>
    public sealed record Unknown(string Reason) : FoundEvent;

    /// <summary>The furthest place that anyone tells of; taken outweighs refused, whatever came first.</summary>
    public static FoundEvent Decide(
        StoredEvent? stored, StoredRefusal? storedRefusal, SeenByWindow seen, bool isSpooled, TailView tails)
    {
        if (stored is not null || seen.Event is not null) return TakenBy(stored, seen.Event);
        if (isSpooled) return new Taken(EventPlace.Spooled, Event: null, [], Repeats: 0);
        if ((storedRefusal?.Refusal ?? seen.Refusal?.Refusal) is { } refusal)
            return new Refused(refusal, [.. StepsOf(refusal, seen.Refusal?.Refused, storedRefusal?.StoredAt)]);

        return new Unknown(tails switch
        {
            { IsReady: false } => "It is not in ClickHouse, and the topics can't be looked at now: "
                + "it may still be on its way.",
            { OneIn: > 1 } => "It is not in ClickHouse. So much arrives that only one record in "
                + $"{tails.OneIn} is looked at on the way: it may still be among the others.",
            _ => "It was never seen, or it is older than what is kept.",
        });
    }

    private static Taken TakenBy(StoredEvent? stored, SeenEvent? seen)
    {
        var whole = seen?.Event ?? stored!.Event;
        var steps = new List<EventStep>();
        if (whole.ReceivedAt is { } at) steps.Add(new(EventPlace.Unspecified, at.ToDateTimeOffset(), Record: null));
        if (seen?.Received is { } received) steps.Add(new(EventPlace.Received, received.At, received));
        if (seen?.Emitted is { } emitted) steps.Add(new(EventPlace.Emitted, emitted.At, emitted));
        if (stored is not null) steps.Add(new(EventPlace.Stored, stored.StoredAt, Record: null));
        var place = stored is not null ? EventPlace.Stored
            : seen!.Emitted is not null ? EventPlace.Emitted
            : EventPlace.Received;
        return new(place, whole, steps, seen?.Repeats ?? 0);
    }

    private static IEnumerable<EventStep> StepsOf(RejectedEvent refusal, RecordPlace? record, DateTimeOffset? storedAt)
    {
        if (refusal.ReceivedAt is { } at) yield return new(EventPlace.Unspecified, at.ToDateTimeOffset(), Record: null);
        if (record is not null) yield return new(EventPlace.Rejected, record.At, record);
        if (storedAt is { } stored) yield return new(EventPlace.Stored, stored, Record: null);
    }
}

/// <summary>How much of the topics' ends is seen.</summary>
internal readonly record struct TailView(bool IsReady, int OneIn);
