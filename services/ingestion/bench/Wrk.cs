using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Tributary.Testing;

namespace Tributary.Ingestion.Bench;

/// <summary>What a load of wrk's came to.</summary>
/// <param name="Refused">Answers above 399.</param>
/// <param name="Broken">Connections that failed.</param>
internal sealed record WrkResult(
    long Requests, TimeSpan Took, TimeSpan Median, TimeSpan P99, long Refused, long Broken, double CpuSeconds)
{
    public double PerSecond => (Requests - Refused) / Took.TotalSeconds;

    public long Accepted => Requests - Refused;
}

/// <summary>wrk as a child, with a prepared request.</summary>
internal static partial class Wrk
{
    private const int Threads = 2;

    public static async Task<WrkResult> RunAsync(
        LoadRequest request, Uri address, int connections, TimeSpan time, string folder)
    {
        var description = request.WriteTo(folder);
        using var wrk = Process.Start(new ProcessStartInfo(
            ToolPath.Require("wrk"),
            [
                "-t", $"{Threads}", "-c", $"{connections}", "-d", $"{(int)time.TotalSeconds}s", "--timeout", "30s",
                "-s", Path.Combine(AppContext.BaseDirectory, "load.lua"), address.AbsoluteUri, "--", description,
            ])
        { RedirectStandardOutput = true })!;
        var said = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        File.Delete(description);
        File.Delete(Path.ChangeExtension(description, ".request"));
        var result = Result().Match(said);
        if (!result.Success) throw new InvalidOperationException($"wrk did not finish:\n{said}");
        return new(
            Number("requests"), TimeSpan.FromMicroseconds(Number("microseconds")),
            TimeSpan.FromMicroseconds(Number("p50")), TimeSpan.FromMicroseconds(Number("p99")), Number("refused"),
            Number("broken") + Number("timeout"), TimeSpan.FromMicroseconds(Number("cpu")).TotalSeconds);

        long Number(string name) => long.Parse(result.Groups[name].ValueSpan, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"RESULT requests=(?<requests>\d+) microseconds=(?<microseconds>\d+) p50=(?<p50>\d+) "
        + @"p99=(?<p99>\d+) max=\d+ refused=(?<refused>\d+) broken=(?<broken>\d+) timeout=(?<timeout>\d+) "
        + @"cpu=(?<cpu>\d+)")]
    private static partial Regex Result();
}
