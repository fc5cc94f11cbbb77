using System.Globalization;

namespace Tributary.Ingestion.Verifying;

/// <summary>What was counted, and what does not agree; nothing there means that all is equal.</summary>
internal sealed record VerifyReport
{
    public required long Received { get; init; }

    public required long Unreadable { get; init; }

    public required long Repeats { get; init; }

    public required long Written { get; init; }

    public required long SkippedByPosition { get; init; }

    public required long Rows { get; init; }

    /// <summary>True while rows were coming in: the hour that goes on was left out.</summary>
    public required bool WasBusy { get; init; }

    /// <summary>A sentence for each.</summary>
    public required IReadOnlyList<string> Differences { get; init; }

    public bool IsEqual => Differences.Count == 0;

    public override string ToString() => string.Join(Environment.NewLine,
    [
        string.Create(CultureInfo.InvariantCulture, $"received.v1: {Received} records, {Unreadable} of them no events"),
        string.Create(CultureInfo.InvariantCulture,
            $"events.v1:   {Written} events, {Repeats} repeats left out, {SkippedByPosition} there twice and skipped"),
        string.Create(CultureInfo.InvariantCulture,
            $"events:      {Rows} rows of the same time{(WasBusy ? ", but for the hour that goes on" : "")}"),
        $"views:       {string.Join(", ", ViewSums.Names)}",
        .. Differences.Select(difference => $"DIFFERS: {difference}"),
        IsEqual ? "All is equal." : $"{Differences.Count} differences.",
    ]);
}
