using System.Globalization;

namespace Tributary.Ingestion.Bench;

/// <summary>The measurements as two tables: how fast, and at what price.</summary>
internal static class Report
{
    public static void Write(IReadOnlyList<Measurement> measured, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine("| load | to | requests/s | events/s | p50 ms | p99 ms | ÷ nginx | ÷ Kestrel "
            + "| RudderStack ÷ nginx | PostHog ÷ nginx | refused | broken |");
        output.WriteLine("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var one in measured) output.WriteLine(Speed(one, measured));
        output.WriteLine();
        output.WriteLine("| load | to | cores, each process | wrk's cores | events per CPU s | peak MB, each process "
            + "| allocated B/event | GC pauses |");
        output.WriteLine("| --- | --- | --- | ---: | ---: | --- | ---: | ---: |");
        foreach (var one in measured) output.WriteLine(Price(one));
    }

    private static string Speed(Measurement one, IReadOnlyList<Measurement> measured)
    {
        var isOurs = one.Subject is not ("nginx" or "Kestrel");
        return Line(
            one.Row.Name, one.Subject, Whole(one.RequestsPerSecond), Whole(one.EventsPerSecond),
            Milliseconds(one.Load.Median), Milliseconds(one.Load.P99),
            Ratio(one, measured, "nginx"), Ratio(one, measured, "Kestrel"),
            isOurs && one.Row.Peers is { } peers ? Share(peers.Rudder) : "",
            isOurs && one.Row.Peers is { } others ? Share(others.PostHog) : "",
            Whole(one.Load.Refused), Whole(one.Load.Broken));
    }

    private static string Price(Measurement one) => Line(
        one.Row.Name, one.Subject,
        string.Join(", ", one.Costs.Select(cost => $"{cost.Process} {Share(cost.Used.CpuSeconds / Seconds(one))}")),
        Share(one.Load.CpuSeconds / one.Load.Took.TotalSeconds), Whole(one.EventsPerCpuSecond),
        string.Join(", ", one.Costs.Select(cost => $"{cost.Process} {Whole(cost.PeakMegabytes)}")),
        one.Costs[0].Used.AllocatedBytes > 0 ? Whole(one.AllocatedPerEvent) : "",
        one.Costs[0].Used.AllocatedBytes > 0 ? one.GcPauseShare.ToString("0.00 %", CultureInfo.InvariantCulture) : "");

    private static double Seconds(Measurement one) => one.Took.TotalSeconds;

    private static string Ratio(Measurement one, IReadOnlyList<Measurement> measured, string to)
    {
        var other = measured.FirstOrDefault(other => other.Row == one.Row && other.Subject == to);
        return other is null || other == one ? "" : Share(one.RequestsPerSecond / other.RequestsPerSecond);
    }

    private static string Line(params string[] cells) => $"| {string.Join(" | ", cells)} |";

    private static string Whole(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Share(double value) =>
        value.ToString(value < .1 ? "0.0000" : "0.00", CultureInfo.InvariantCulture);

    private static string Milliseconds(TimeSpan time) =>
        time.TotalMilliseconds.ToString("0.00", CultureInfo.InvariantCulture);
}
