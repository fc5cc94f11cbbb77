using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Tributary.Hosting.Listening;

namespace Tributary.Hosting.Metrics;

/// <summary>/metrics in Prometheus' text format 0.0.4, from the same meters that go out over OTLP.</summary>
internal static class MetricsPage
{
    private const string ContentType = "text/plain; version=0.0.4; charset=utf-8";
    private const string Dropped = "metrics_measurements_dropped_total";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.ServiceProvider.GetRequiredService<MeasuredMeters>(); // Counts from now on, not from the first scrape.
        routes.MapGet("/metrics", WriteAsync)
            .WithMetadata(new ReachableBy(Listener.Operations))
            .AllowAnonymous()
            .ExcludeFromDescription();
    }

    private static Task WriteAsync(HttpContext context, MeasuredMeters meters, ServiceName service)
    {
        context.Response.ContentType = ContentType;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(Text(meters, service), context.RequestAborted);
    }

    private static string Text(MeasuredMeters meters, ServiceName service)
    {
        var text = new StringBuilder(65_536);
        var (families, round) = meters.Observe();
        Header(text, "target_info", "gauge", "Which process this is.");
        text.Append("target_info{service_name=\"").Append(service.Value).Append("\"} 1\n");
        foreach (var family in families) Append(text, family, round);
        if (families.Where(family => family.Dropped > 0).ToArray() is { Length: > 0 } full)
        {
            Header(text, Dropped, "counter", "Measurements whose labels were one combination too many to keep.");
            foreach (var family in full)
                text.Append(Dropped).Append("{metric=\"").Append(family.Name.Text).Append("\"} ")
                    .Append(family.Dropped).Append('\n');
        }
        return text.ToString();
    }

    private static void Append(StringBuilder text, Family family, long round)
    {
        var hasHeader = false;
        foreach (var series in family.Series)
        {
            var (value, seen) = series.Read();
            if (seen != 0 && seen < round && family.Kind is MetricKind.Gauge) continue; // No longer observed.

            if (!hasHeader)
                Header(text, family.Name.Text, family.Kind.ToString().ToLowerInvariant(), family.Help);
            hasHeader = true;
            if (family.Kind is MetricKind.Histogram) Histogram(text, family, series);
            else Sample(text, family.Name.Text, series.Labels, value);
        }
    }

    private static void Histogram(StringBuilder text, Family family, Series series)
    {
        var (buckets, sum) = series.ReadBuckets();
        var comma = series.Labels.Length > 0 ? "," : "";
        var cumulated = 0L;
        for (var index = 0; index < buckets.Length; index++)
        {
            cumulated += buckets[index];
            var bound = index < family.Bounds.Length ? Number(family.Bounds[index]) : "+Inf";
            Sample(text, $"{family.Name.Text}_bucket", $"{series.Labels}{comma}le=\"{bound}\"", cumulated);
        }
        Sample(text, $"{family.Name.Text}_sum", series.Labels, sum);
        Sample(text, $"{family.Name.Text}_count", series.Labels, cumulated);
    }

    private static void Header(StringBuilder text, string name, string kind, string help)
    {
        var escaped = help
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
        text.Append("# HELP ").Append(name).Append(' ').Append(escaped).Append('\n');
        text.Append("# TYPE ").Append(name).Append(' ').Append(kind).Append('\n');
    }

    private static void Sample(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0) text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };
}
