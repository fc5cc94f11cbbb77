namespace Tributary.Ingestion.Storing;

/// <summary>
/// Decides which time an event's row has. Pure, and of the record alone: a block that is repeated is the same.
/// </summary>
internal static class EventTime
{
    private const long Day = 24 * 60 * 60 * 1_000L;
    private const long Earliest = 946_684_800_000; // 2000-01-01: before it there was none to tell.
    private const long Latest = 4_102_444_800_000; // 2100-01-01: some of ClickHouse's times end soon after it.

    /// <summary>When the edge had read the request; Kafka's time of the record where that is absurd.</summary>
    public static long ReceivedAt(long? receivedAt, DateTimeOffset recordTime) => receivedAt is { } told && IsSane(told)
        ? told
        : Math.Clamp(recordTime.ToUnixTimeMilliseconds(), Earliest, Latest);

    /// <summary>When it happened; when it was received where that is absurd or more than a day later.</summary>
    public static long At(long? timestamp, long receivedAt) =>
        timestamp is { } told && IsSane(told) && told <= receivedAt + Day ? told : receivedAt;

    private static bool IsSane(long time) => time is >= Earliest and <= Latest;
}
