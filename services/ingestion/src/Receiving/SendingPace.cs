using System.Collections.Concurrent;
using Tributary.Authorisation;

namespace Tributary.Ingestion.Receiving;

/// <summary>
/// Holds each organisation to its events a second, on this instance: a second's worth at once, and then as fast as it
/// refills. A request is let through whole while anything is left.
/// </summary>
internal sealed class SendingPace(TimeProvider time)
{
    private readonly ConcurrentDictionary<Guid, Allowance> _allowances = [];

    public bool Allows(SourceAccess source, int events)
    {
        var perSecond = source.Limits.EventsPerSecond;
        return perSecond <= 0
            || _allowances.GetOrAdd(source.Organisation, static _ => new()).Take(
                perSecond, events, time.GetTimestamp(), time.TimestampFrequency);
    }

    private sealed class Allowance
    {
        private readonly Lock _lock = new();
        private double _left = double.MaxValue;
        private long _at;

        public bool Take(long perSecond, int events, long now, long frequency)
        {
            lock (_lock)
            {
                var seconds = Math.Max(0, now - _at) / (double)frequency;
                _left = Math.Min(perSecond, _left + seconds * perSecond);
                _at = now;
                if (_left <= 0) return false;
                _left -= events;
                return true;
            }
        }
    }
}
