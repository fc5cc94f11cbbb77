namespace Tributary.Ingestion.Receiving.Parsing;

/// <summary>What was found in one body, over and over used by one request after another.</summary>
internal sealed class ScannedRequest
{
    /// <summary>More events are refused: what is noted of each takes some 500 bytes.</summary>
    public const int EventsMax = 10_000;

    private const int EventsKept = 256;
    private EventFields[] _events = new EventFields[4];

    public Slice SentAt { get; set; }

    public Slice WriteKey { get; set; }

    /// <summary>Where the request has none of its own.</summary>
    public Slice WriteKeyOfEvent { get; set; }

    public int Count { get; private set; }

    /// <summary>Room for a key without its escapes: the longest that is known, each letter escaped.</summary>
    public byte[] Name { get; } = new byte[17 * 6];

    public ReadOnlySpan<EventFields> Events => _events.AsSpan(0, Count);

    /// <summary>One more event, of which nothing is known.</summary>
    public ref EventFields Add()
    {
        if (Count == _events.Length) Array.Resize(ref _events, Count * 4);
        ref var added = ref _events[Count++];
        added = default;
        return ref added;
    }

    public void RemoveEvents() => Count = 0;

    public void Clear()
    {
        if (_events.Length > EventsKept) _events = new EventFields[EventsKept];
        (Count, SentAt, WriteKey, WriteKeyOfEvent) = (0, default, default, default);
    }
}
