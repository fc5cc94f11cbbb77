using Microsoft.Extensions.Options;
using Tributary.Contracts.V1;

namespace Tributary.Ingestion.Finding;

/// <summary>
/// The latest of what arrives, bounded in number and bytes; the oldest goes first. Written by the one thread that
/// follows the tails, read by any.
/// </summary>
internal sealed class EventWindow(IOptions<FindingOptions> options, LiveListeners listeners)
{
    private readonly Lock _gate = new();
    private readonly Queue<Held> _held = new();
    private readonly Dictionary<EventKey, SeenEvent> _events = [];
    private readonly Dictionary<EventKey, SeenEvent> _refusals = [];
    private long _bytes;
    private long _sequence;

    public SeenByWindow Find(EventKey key)
    {
        lock (_gate) return new(_events.GetValueOrDefault(key), _refusals.GetValueOrDefault(key));
    }

    /// <summary>What arrived of a scope after a sequence: the latest of it, oldest first.</summary>
    public IReadOnlyList<SeenArrival> Latest(LiveScope scope, long after, int max)
    {
        lock (_gate) return LatestNeedsLock(scope, after, max);
    }

    /// <summary>
    /// Those in the window, and whatever comes after them into the listener's queue: none twice and none missed.
    /// </summary>
    public IReadOnlyList<SeenArrival> Join(LiveListener listener, long after, int max)
    {
        lock (_gate)
        {
            listeners.Add(listener);
            return LatestNeedsLock(listener.Scope, after, max);
        }
    }

    /// <summary>Whether everything after a sequence is still held.</summary>
    public bool Reaches(long sequence)
    {
        lock (_gate)
        {
            return sequence <= _sequence
                && (!_held.TryPeek(out var oldest) || oldest.Arrival.Sequence <= sequence + 1);
        }
    }

    /// <summary>Those taken that came after a moment: when nothing later is in ClickHouse, they wait.</summary>
    public Waiting Waiting(LiveScope scope, DateTimeOffset after)
    {
        lock (_gate)
        {
            var waiting = _events.Values.Where(scope.Holds)
                .Select(seen => seen.Event!.ReceivedAt?.ToDateTimeOffset())
                .Where(at => at > after).ToList();
            return new(waiting.Count, waiting.Min() ?? after);
        }
    }

    public void Received(Event told, RecordPlace place, int bytes)
    {
        if (KeyOf(told) is not { } key) return;

        lock (_gate)
        {
            if (!_events.TryGetValue(key, out var known))
            {
                Take(Arrival.Accepted, NewEvent(key, told) with { Received = place }, bytes);
            }
            else if (known.Received is null)
            {
                _events[key] = known with { Received = place };
            }
            else if (place != known.Received)
            {
                Take(Arrival.Repeated, known with { Repeats = known.Repeats + 1 }, bytes: 0);
            }
        }
    }

    public void Emitted(Event told, RecordPlace place, int bytes)
    {
        if (KeyOf(told) is not { } key) return;

        lock (_gate)
        {
            if (_events.TryGetValue(key, out var known)) _events[key] = known with { Emitted = known.Emitted ?? place };
            else Take(Arrival.Accepted, NewEvent(key, told) with { Emitted = place }, bytes);
        }
    }

    public void Refused(RejectedEvent told, RecordPlace place, int bytes)
    {
        if (GuidOf(told.Organisation) is not { } organisation) return;

        var rejection = (GuidOf(told.Rejection) ?? Guid.Empty).ToString("D");
        var key = new EventKey(organisation, told.MessageId.Length > 0 ? told.MessageId : rejection);
        var seen = new SeenEvent(key, GuidOf(told.Source) ?? Guid.Empty, Event: null, told) { Refused = place };
        lock (_gate)
        {
            Take(Arrival.Refused, seen, bytes);
            _refusals[key with { MessageId = rejection }] = seen;
        }
    }

    /// <summary>Nothing is followed any more, so that nothing here would be true for long.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _held.Clear();
            _events.Clear();
            _refusals.Clear();
            _bytes = 0;
        }
    }

    private List<SeenArrival> LatestNeedsLock(LiveScope scope, long after, int max)
    {
        var latest = _held.Select(held => held.Arrival)
            .Where(arrival => arrival.Sequence > after && scope.Holds(arrival.Event)).ToList();
        return latest.Count > max ? latest[^max..] : latest;
    }

    private void Take(Arrival arrival, SeenEvent seen, int bytes)
    {
        var told = new SeenArrival(++_sequence, arrival, seen);
        (arrival is Arrival.Refused ? _refusals : _events)[seen.Key] = seen;
        _held.Enqueue(new(told, bytes));
        _bytes += bytes;
        while (_held.Count > options.Value.WindowEventsMax || _bytes > options.Value.WindowBytesMax) Forget();
        listeners.Offer(told);
    }

    private void Forget()
    {
        var (arrival, bytes) = _held.Dequeue();
        _bytes -= bytes;
        if (arrival.Arrival is Arrival.Accepted)
        {
            _events.Remove(arrival.Event.Key);
        }
        else if (arrival.Arrival is Arrival.Refused)
        {
            if (_refusals.GetValueOrDefault(arrival.Event.Key) == arrival.Event) _refusals.Remove(arrival.Event.Key);
            var rejection = (GuidOf(arrival.Event.Refusal!.Rejection) ?? Guid.Empty).ToString("D");
            _refusals.Remove(arrival.Event.Key with { MessageId = rejection });
        }
    }

    private static SeenEvent NewEvent(EventKey key, Event told) =>
        new(key, GuidOf(told.Source) ?? Guid.Empty, told, Refusal: null);

    private static EventKey? KeyOf(Event told) =>
        GuidOf(told.Organisation) is { } organisation && told.MessageId.Length > 0
            ? new EventKey(organisation, told.MessageId) : null;

    private static Guid? GuidOf(Google.Protobuf.ByteString bytes) =>
        bytes.Length == 16 ? new Guid(bytes.Span, bigEndian: true) : null;

    private readonly record struct Held(SeenArrival Arrival, int Bytes);
}

/// <summary>Events that are on their way, and since when the oldest of them.</summary>
internal readonly record struct Waiting(int Count, DateTimeOffset OldestReceivedAt);
