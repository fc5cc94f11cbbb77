using System.Globalization;
using System.Text.RegularExpressions;

namespace Tributary.FirstLight;

/// <summary>A process's own page of metrics.</summary>
internal static partial class MetricsPage
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    public static Task<string> ReadAsync(Uri operations) => Http.GetStringAsync(new Uri(operations, "/metrics"));

    /// <summary>A metric's series added up, or those of them that have a label; zero where there is none.</summary>
    public static double Sum(string page, string name, string label = "") => Series().Matches(page)
        .Where(series => series.Groups["name"].Value == name)
        .Where(series => series.Groups["labels"].Value.Contains(label, StringComparison.Ordinal))
        .Sum(series => double.Parse(series.Groups["value"].ValueSpan, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"^(?<name>\w+)(?<labels>\{.*\})? (?<value>\S+)$", RegexOptions.Multiline)]
    private static partial Regex Series();
}
