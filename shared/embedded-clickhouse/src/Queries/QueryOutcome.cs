using Tributary.EmbeddedClickHouse.Engine;

namespace Tributary.EmbeddedClickHouse.Queries;

/// <summary>What a query did, in the words of <c>X-ClickHouse-Summary</c>.</summary>
internal sealed record QueryOutcome(
    ulong ReadRows, ulong ReadBytes, ulong WrittenRows, ulong WrittenBytes, ulong TotalRows, ulong ResultRows,
    ulong ResultBytes, ulong Memory, TimeSpan Elapsed)
{
    public static QueryOutcome Of(EngineResult result, ulong resultBytes, ulong memory, TimeSpan elapsed) => new(
        result.ReadRows, result.ReadBytes, result.WrittenRows, result.WrittenBytes, result.ReadRows, result.ResultRows,
        resultBytes, memory, elapsed);

    public static QueryOutcome Of(EngineProgress progress, TimeSpan elapsed) => new(
        progress.ReadRows, progress.ReadBytes, progress.WrittenRows, progress.WrittenBytes, progress.TotalRows,
        ResultRows: 0, ResultBytes: 0, progress.Memory, elapsed);

    public string Json => $"{{{string.Join(",", Counts.Select(count => $"\"{count.Name}\":\"{count.Value}\""))}}}";

    private IEnumerable<(string Name, ulong Value)> Counts =>
    [
        ("read_rows", ReadRows), ("read_bytes", ReadBytes), ("written_rows", WrittenRows),
        ("written_bytes", WrittenBytes), ("total_rows_to_read", TotalRows), ("result_rows", ResultRows),
        ("result_bytes", ResultBytes), ("elapsed_ns", (ulong)Elapsed.TotalNanoseconds), ("memory_usage", Memory),
    ];
}
