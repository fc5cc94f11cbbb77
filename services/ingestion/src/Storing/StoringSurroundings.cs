namespace Tributary.Ingestion.Storing;

/// <summary>What the writer needs of the process it runs in.</summary>
/// <param name="Database">ClickHouse's, that holds the read model.</param>
internal sealed record StoringSurroundings(
    StoringOptions Options, string Database, TimeProvider Time, StoringStatus Status, StoringMetrics Metrics);
