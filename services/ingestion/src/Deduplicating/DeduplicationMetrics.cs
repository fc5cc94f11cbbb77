using System.Diagnostics.Metrics;

namespace Tributary.Ingestion.Deduplicating;

/// <summary>
/// Every number of de-duplication. Of the records of <c>received.v1</c>, each is written, a repeat, or a dead letter of
/// the reader's; counted when its batch is kept.
/// </summary>
internal sealed class DeduplicationMetrics
{
    public const string MeterName = "Tributary.Ingestion.Deduplicating";

    private readonly Counter<long> _written;
    private readonly Counter<long> _repeats;

    public DeduplicationMetrics(IMeterFactory meters, EventsTail tail)
    {
        var meter = meters.Create(MeterName);
        _written = meter.CreateCounter<long>("tributary.deduplication.written", "{event}", "Written to events.v1");
        _repeats = meter.CreateCounter<long>("tributary.deduplication.repeats", "{event}", "Left out: seen before");
        meter.CreateObservableGauge(
            "tributary.deduplication.ids", () => tail.States.Sum(state => (long)state.Window.Count), "{id}",
            "Remembered, in all windows of this process");
        meter.CreateObservableGauge(
            "tributary.deduplication.memory", () => tail.States.Sum(state => state.Window.Bytes), "By",
            "What the windows take");
    }

    public void BatchWritten(int written, int repeats)
    {
        _written.Add(written);
        if (repeats > 0) _repeats.Add(repeats);
    }
}
