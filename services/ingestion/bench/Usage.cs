using System.Globalization;

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
