using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Tributary.Hosting.Metrics;

/// <summary>
/// All series of one Prometheus name. Bounded: what would be one series too many is counted instead of kept, so that
/// a label with an unbounded value can't fill the memory.
/// </summary>
internal sealed class Family(MetricName name, MetricKind kind, string help, double[] bounds, int seriesMax)
{
    private const int LabelLengthMax = 256;

    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], Series> _byTags = new(new TagComparer());
    private readonly ConcurrentDictionary<string, Series> _byLabels = new(StringComparer.Ordinal);
    private long _dropped;

    public MetricName Name => name;
    public MetricKind Kind => kind;
    public string Help => help;
    public double[] Bounds => bounds;
    public long Dropped => Interlocked.Read(ref _dropped);
    public IEnumerable<Series> Series => _byLabels.Values.OrderBy(series => series.Labels, StringComparer.Ordinal);

    public Series? Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (_byTags.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>().TryGetValue(tags, out var known))
            return known;

        var labels = Labels(tags, kind);
        if (!_byLabels.TryGetValue(labels, out var series))
        {
            if (_byLabels.Count >= seriesMax)
            {
                Interlocked.Increment(ref _dropped);
                return null;
            }
            series = _byLabels.GetOrAdd(labels, new Series(labels, bounds));
        }
        // Without a bound here, the orders of tags and values that print alike could fill it.
        if (_byTags.Count < seriesMax * 2) _byTags.TryAdd(tags.ToArray(), series);
        return series;
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags, MetricKind kind)
    {
        var sorted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in tags)
        {
            var label = MetricName.Letters(key);
            if (kind is MetricKind.Histogram && label == "le") label = "le_of";
            var text = value switch
            {
                bool flag => flag ? "true" : "false",
                IFormattable plain => plain.ToString(null, CultureInfo.InvariantCulture),
                _ => value?.ToString() ?? "",
            };
            if (text.Length > LabelLengthMax) text = text[..LabelLengthMax];
            sorted[label] = sorted.TryGetValue(label, out var before) ? $"{before};{text}" : text;
        }
        var labels = new StringBuilder();
        foreach (var (label, text) in sorted)
        {
            if (labels.Length > 0) labels.Append(',');
            labels.Append(label).Append("=\"").Append(Escape(text)).Append('"');
        }
        return labels.ToString();
    }

    private static string Escape(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);
}
