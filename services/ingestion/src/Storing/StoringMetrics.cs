using System.Diagnostics.Metrics;

namespace Tributary.Ingestion.Storing;

/// <summary>Every number of the writer to ClickHouse; counted when a block is marked as inserted.</summary>
internal sealed class StoringMetrics
{
    public const string MeterName = "Tributary.Ingestion.Storing";

    private readonly Counter<long> _rows;
    private readonly Counter<long> _blocks;
    private readonly Counter<long> _failures;
    private readonly Histogram<double> _inserting;
    private readonly Histogram<double> _delay;

    public StoringMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _rows = meter.CreateCounter<long>("tributary.storing.rows", "{row}", "In ClickHouse, by table");
        _blocks = meter.CreateCounter<long>("tributary.storing.blocks", "{block}", "Marked as inserted, by table");
        _failures = meter.CreateCounter<long>("tributary.storing.failures", "{try}", "Inserts that were tried again");
        _inserting = meter.CreateHistogram<double>(
            "tributary.storing.inserting", "s", "From the first try to the answer");
        _delay = meter.CreateHistogram<double>(
            "tributary.storing.delay", "s", "From Kafka's time of a block's first record until it can be queried");
    }

    public void BlockStored(string table, int rows, TimeSpan took, TimeSpan? delay)
    {
        var tag = new KeyValuePair<string, object?>("table", table);
        _rows.Add(rows, tag);
        _blocks.Add(1, tag);
        _inserting.Record(took.TotalSeconds, tag);
        if (delay is { } waited) _delay.Record(Math.Max(0, waited.TotalSeconds), tag);
    }

    public void InsertFailed(string table) => _failures.Add(1, new KeyValuePair<string, object?>("table", table));
}
