using Tributary.EmbeddedClickHouse.Http;
using Tributary.EmbeddedClickHouse.Statements;

namespace Tributary.EmbeddedClickHouse.Queries;

/// <summary>One request on its way: what was asked, by whom, and where the answer goes.</summary>
internal sealed class Exchange
{
    public required QueryRequest Request { get; init; }

    public required User User { get; init; }

    public required RequestBody Body { get; init; }

    public required Statement Statement { get; init; }

    public required RunningQuery Query { get; init; }

    public required QueryResponse Response { get; init; }

    public required ProgressHeaders Progress { get; init; }

    /// <summary>The format where the statement names none.</summary>
    public string Format => Request.DefaultFormat.Length > 0 ? Request.DefaultFormat : "TabSeparated";
}
