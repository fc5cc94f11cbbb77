using Microsoft.Extensions.Options;

namespace Tributary.Ingestion.Finding;

/// <summary>Every open live stream of this process; bounded for each organisation. Any thread.</summary>
internal sealed class LiveListeners(IOptions<FindingOptions> options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, int> _reserved = [];
    private volatile LiveListener[] _all = [];

    public int Count => _all.Length;

    /// <summary>A place for one more listener; null when the organisation has as many as it may.</summary>
    public IDisposable? Reserve(Guid organisation)
    {
        lock (_gate)
        {
            var open = _reserved.GetValueOrDefault(organisation);
            if (open >= options.Value.ListenersPerOrganisationMax) return null;
            _reserved[organisation] = open + 1;
            return new Reservation(this, organisation);
        }
    }

    public void Add(LiveListener listener)
    {
        lock (_gate) _all = [.. _all, listener];
    }

    public void Remove(LiveListener listener)
    {
        lock (_gate) _all = [.. _all.Where(other => other != listener)];
    }

    public void Offer(SeenArrival arrival)
    {
        foreach (var listener in _all) listener.Offer(arrival);
    }

    private void Release(Guid organisation)
    {
        lock (_gate)
        {
            if (--_reserved[organisation] == 0) _reserved.Remove(organisation);
        }
    }

    private sealed class Reservation(LiveListeners listeners, Guid organisation) : IDisposable
    {
        private bool _released;

        public void Dispose()
        {
            if (_released) return;
            _released = true;
            listeners.Release(organisation);
        }
    }
}
