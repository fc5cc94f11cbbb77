namespace Tributary.Ingestion.Receiving.Parsing;

/// <summary>
/// When an event happened, in ticks of UTC. A sender's clock may be wrong: what it says of when the event happened is
/// moved by as much as what it says of when it sent it differs from when that came here.
/// </summary>
internal static class EventTimes
{
    private const long Earliest = 630822816000000000; // 2000-01-01
    private const long AheadMax = TimeSpan.TicksPerDay;

    /// <summary>When it happened by the sender's clock: Segment's senders say it as <c>timestamp</c>.</summary>
    public static long? Original(long? sentAt, long? original, long? timestamp) =>
        original ?? (sentAt is null ? null : timestamp);

    /// <summary>When it happened. Never absurd: then it is when it was received.</summary>
    public static long Decide(long receivedAt, long? sentAt, long? original, long? timestamp)
    {
        var isCorrected = timestamp is not null && (original is not null || sentAt is null); // By someone before us.
        var happened = isCorrected ? timestamp!.Value
            : Original(sentAt, original, timestamp) is { } said ? said + (receivedAt - (sentAt ?? receivedAt))
            : receivedAt;
        return IsPlausible(happened, receivedAt) ? happened : receivedAt;
    }

    private static bool IsPlausible(long happened, long receivedAt) =>
        happened >= Earliest && happened <= receivedAt + AheadMax;
}
