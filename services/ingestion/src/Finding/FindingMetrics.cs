using System.Diagnostics.Metrics;

namespace Tributary.Ingestion.Finding;

/// <summary>What looking at events reports.</summary>
internal sealed class FindingMetrics
{
    private readonly UpDownCounter<int> _listeners;
    private readonly Counter<long> _dropped;

    public FindingMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("ingestion.live");
        _listeners = meter.CreateUpDownCounter<int>(
            "ingestion.live.listeners", description: "Live streams that are open.");
        _dropped = meter.CreateCounter<long>(
            "ingestion.live.events.dropped", description: "Events left out of a stream because its listener was slow.");
    }

    public void Listening(int change) => _listeners.Add(change);

    public void Dropped(long events) => _dropped.Add(events);
}
