using System.Threading.Channels;

namespace Tributary.Ingestion.Finding;

/// <summary>What a listener listens to: an organisation, or one source of it.</summary>
internal readonly record struct LiveScope(Guid Organisation, Guid? Source)
{
    public bool Holds(SeenEvent seen) =>
        seen.Key.Organisation == Organisation && (Source is null || Source == seen.Source);
}

/// <summary>
/// One open stream's queue, bounded: what a slow listener has no room for is left out and counted, never waited for.
/// Offered to by the thread that follows the tails; read by the stream's request.
/// </summary>
internal sealed class LiveListener(LiveScope scope, FindingOptions options, TimeProvider time)
{
    private readonly Channel<SeenArrival> _queue = Channel.CreateBounded<SeenArrival>(
        new BoundedChannelOptions(options.ListenerQueueMax) { SingleReader = true });

    private readonly Lock _gate = new();
    private readonly Sampling _ofAccepted = new(options.ShownPerSecondMax);
    private readonly Sampling _ofRefused = new(options.ShownPerSecondMax);
    private long _dropped;

    public LiveScope Scope => scope;

    public ChannelReader<SeenArrival> Queue => _queue.Reader;

    public void Offer(SeenArrival arrival)
    {
        if (!scope.Holds(arrival.Event)) return;

        lock (_gate)
        {
            var sampling = arrival.Arrival is Arrival.Refused ? _ofRefused : _ofAccepted;
            if (sampling.Shows(time.GetUtcNow()) && !_queue.Writer.TryWrite(arrival)) _dropped++;
        }
    }

    /// <summary>How many there was no room for since this was last asked.</summary>
    public long TakeDropped()
    {
        lock (_gate)
        {
            var dropped = _dropped;
            _dropped = 0;
            return dropped;
        }
    }

    /// <summary>How much is shown of what arrives, now.</summary>
    public SampledRate Rate()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            return new(_ofAccepted.Every(now), _ofRefused.Every(now), _ofAccepted.PerSecond + _ofRefused.PerSecond);
        }
    }
}

/// <summary>One in so many is shown; 1 is all of them.</summary>
internal readonly record struct SampledRate(int OfAccepted, int OfRefused, int PerSecond);
