using System.Globalization;
using System.Text.RegularExpressions;

namespace Tributary.Ingestion.Bench;

/// <summary>What a process has used since it started; two of them are subtracted.</summary>
internal sealed record Usage(double CpuSeconds, double AllocatedBytes, double GcPauseSeconds)
{
    private const double TicksPerSecond = 100;

    public static Usage operator -(Usage later, Usage earlier) => new(
        later.CpuSeconds - earlier.CpuSeconds, later.AllocatedBytes - earlier.AllocatedBytes,
        later.GcPauseSeconds - earlier.GcPauseSeconds);

    /// <summary>User and system time of a process, of all its threads.</summary>
    public static double CpuOf(int processId)
    {
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[11..13].Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    /// <summary>The memory that a process has now, and the most it had since <see cref="ForgetPeak"/>.</summary>
    public static (double Now, double Peak) MegabytesOf(int processId)
    {
        var lines = File.ReadLines($"/proc/{processId}/status").ToList();
        return (Megabytes("VmRSS:"), Megabytes("VmHWM:"));

        double Megabytes(string name) => long.Parse(
            lines.Single(line => line.StartsWith(name, StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024.0;
    }

    public static void ForgetPeak(int processId) => File.WriteAllText($"/proc/{processId}/clear_refs", "5");
}

/// <summary>A service's own page of metrics, as far as it tells of memory.</summary>
internal static partial class MetricsPage
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    public static async Task<(double AllocatedBytes, double GcPauseSeconds)> ReadAsync(Uri operations)
    {
        var page = await Http.GetStringAsync(new Uri(operations, "/metrics"));
        return (Sum(page, "dotnet_gc_heap_total_allocated_bytes_total"),
            Sum(page, "dotnet_gc_pause_time_seconds_total"));
    }

    /// <summary>A metric's series added up; zero where there is none.</summary>
    public static double Sum(string page, string name) => Series().Matches(page)
        .Where(series => series.Groups["name"].Value == name)
        .Sum(series => double.Parse(series.Groups["value"].ValueSpan, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"^(?<name>\w+)(?:\{.*\})? (?<value>\S+)$", RegexOptions.Multiline)]
    private static partial Regex Series();
}
