namespace Tributary.Ingestion;

/// <summary>Which of its three works this process does; each may run in a process of its own.</summary>
public sealed class IngestionOptions
{
    /// <summary>Takes events over HTTP and gRPC, and answers where an event is.</summary>
    public bool Receive { get; init; } = true;

    /// <summary>Writes <c>events.v1</c> from <c>received.v1</c>, each message id once.</summary>
    public bool Deduplicate { get; init; } = true;

    /// <summary>Migrates and writes the ClickHouse read model.</summary>
    public bool Store { get; init; } = true;
}
