namespace Tributary.Streaming;

/// <summary>
/// Events of one partition in their order, the records they were read from, and the span that keeps them.
/// Rejections are acknowledged dead letters before <see cref="Span"/> can be taken, and none can be made after it:
/// the stored offset can't pass a record whose dead letter is not written.
/// </summary>
public sealed class Batch<TEvent>
{
    private readonly Lock _lock = new();
    private readonly BatchSpan _span;
    private readonly RejectEvent _reject;
    private readonly SortedDictionary<int, string> _rejections = [];
    private int _rejectionsPending;
    private bool _spanTaken;

    /// <param name="events">What is to be handled; undecodable and skipped records are not among it.</param>
    /// <param name="records">Where each event came from, index by index.</param>
    /// <param name="reject">Writes the dead letter of an event; returns when it is acknowledged.</param>
    public Batch(IReadOnlyList<TEvent> events, IReadOnlyList<Record> records, BatchSpan span, RejectEvent reject)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(records.Count, events.Count);
        (Events, Records, _span, _reject) = (events, records, span, reject);
    }

    public IReadOnlyList<TEvent> Events { get; }

    /// <summary>The record of each event: offset, time, key, headers. A retried one is shown as it first was.</summary>
    public IReadOnlyList<Record> Records { get; }

    /// <summary>What moves the stored offset. Taking it ends the time for rejections.</summary>
    /// <exception cref="InvalidOperationException">A rejection was not awaited.</exception>
    public BatchSpan Span
    {
        get
        {
            lock (_lock)
            {
                if (_rejectionsPending > 0) throw new InvalidOperationException(RejectionNotAwaited);
                _spanTaken = true;
                return _rejections.Count == 0 ? _span : WithRejections();
            }
        }
    }

    /// <summary>Where each event was first. Only a retried one was elsewhere before.</summary>
    internal IReadOnlyList<Origin>? Origins { get; init; }

    /// <summary>What the handler rejected, and why.</summary>
    internal IReadOnlyDictionary<int, string> Rejections => _rejections;

    internal bool SpanTaken
    {
        get
        {
            lock (_lock) return _spanTaken;
        }
    }

    /// <summary>
    /// Writes the event to the service's dead letters and returns when it is kept there; it is not offered again until
    /// someone replays it.
    /// </summary>
    /// <param name="reason">From a closed set of the handler's: it is a metric's tag and a filter of operators.</param>
    public async ValueTask RejectAsync(
        int index, string reason, string? detail, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Events.Count);
        lock (_lock)
        {
            if (_spanTaken) throw new InvalidOperationException(RejectionTooLate);
            _rejectionsPending++;
        }
        await _reject(index, reason, detail, cancellationToken); // A failure leaves the span untakeable.
        lock (_lock)
        {
            _rejectionsPending--;
            _rejections[index] = reason;
        }
    }

    private const string RejectionNotAwaited =
        "a rejection of this batch is not acknowledged: await RejectAsync before taking the span";

    private const string RejectionTooLate =
        "the span of this batch was taken already: reject before moving the offset";

    private BatchSpan WithRejections()
    {
        var origins = _rejections.Keys.Select(OriginOf).ToArray();
        return _span with
        {
            Rejected = [.. _span.Rejected, .. origins],
            Applied = [.. _span.Applied.Except(origins)],
        };
    }

    private Origin OriginOf(int index) =>
        Origins?[index] ?? new Origin(_span.TopicId, Records[index].Partition, Records[index].Offset);
}

/// <summary>Writes an event's record to dead letters; returns when it is acknowledged, throws when it is not.</summary>
public delegate ValueTask RejectEvent(int index, string reason, string? detail, CancellationToken cancellationToken);
