using System.Diagnostics;
using Tributary.FirstLight;
using Tributary.Testing.Parts;

namespace Tributary.Ingestion.Bench;

/// <summary>Who is given a load.</summary>
/// <param name="Parts">The processes whose cost counts; the first is the one that answers.</param>
internal sealed record Subject(string Name, Uri Address, IReadOnlyList<Part> Parts)
{
    /// <summary>Where its metrics are; null for those who have none.</summary>
    public Uri? Operations { get; init; }

    /// <summary>What its senders put into <c>Authorization</c>.</summary>
    public string Authorization { get; init; } = "Basic d2s6";

    /// <summary>One load, and what it cost each process.</summary>
    /// <param name="settleAsync">Waited for before the cost is read: what is still being done then.</param>
    public async Task<Measurement> MeasureAsync(
        Row row, TimeSpan time, string folder, Func<WrkResult, Task>? settleAsync)
    {
        var request = row.RequestTo(this);
        foreach (var processId in Parts.SelectMany(part => part.ProcessIds)) Usage.ForgetPeak(processId);
        var before = await UsageAsync();
        var startedAt = Stopwatch.GetTimestamp();
        var load = await Wrk.RunAsync(request, Address, row.Connections, time, folder);
        if (settleAsync is not null) await settleAsync(load);
        var took = Stopwatch.GetElapsedTime(startedAt);
        var after = await UsageAsync();
        return new()
        {
            Row = row,
            Subject = Name,
            Load = load,
            Took = settleAsync is null ? load.Took : took,
            Costs = [.. Parts.Select((part, index) => new Cost(
                part.Name, after[index] - before[index], part.ProcessIds.Sum(id => Usage.MegabytesOf(id).Peak)))],
        };
    }

    private async Task<Usage[]> UsageAsync()
    {
        var told = Operations is null ? "" : await MetricsPage.ReadAsync(Operations);
        var allocated = MetricsPage.Sum(told, "dotnet_gc_heap_total_allocated_bytes_total");
        var paused = MetricsPage.Sum(told, "dotnet_gc_pause_time_seconds_total");
        return
        [
            .. Parts.Select((part, index) => new Usage(
                TreeCpu(part), index == 0 ? allocated : 0, index == 0 ? paused : 0)),
        ];
    }

    // A server's work is often its children's.
    private static double TreeCpu(Part part) => part.ProcessIds.Sum(Usage.CpuOf);
}

/// <summary>What a load cost one process.</summary>
internal sealed record Cost(string Process, Usage Used, double PeakMegabytes);

/// <summary>A load, what it came to and what it cost.</summary>
internal sealed record Measurement
{
    public required Row Row { get; init; }

    public required string Subject { get; init; }

    public required WrkResult Load { get; init; }

    /// <summary>The time that the events are divided by.</summary>
    public required TimeSpan Took { get; init; }

    public required IReadOnlyList<Cost> Costs { get; init; }

    public double RequestsPerSecond => Load.Accepted / Took.TotalSeconds;

    public double EventsPerSecond => RequestsPerSecond * Row.EventsInRequest;

    public double EventsPerCpuSecond =>
        Load.Accepted * Row.EventsInRequest / Math.Max(0.01, Costs.Sum(cost => cost.Used.CpuSeconds));

    public double AllocatedPerEvent => Costs[0].Used.AllocatedBytes / Math.Max(1, Load.Accepted * Row.EventsInRequest);

    public double GcPauseShare => Costs[0].Used.GcPauseSeconds / Took.TotalSeconds;
}
