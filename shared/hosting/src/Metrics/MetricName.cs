using System.Diagnostics.Metrics;
using System.Text;

namespace Tributary.Hosting.Metrics;

/// <summary>What an instrument is called in Prometheus, and the factor that brings its values to base units.</summary>
internal readonly record struct MetricName(string Text, double Factor)
{
    private static readonly string[] OfHistograms = ["_count", "_sum", "_bucket"];

    public static MetricName Of(Instrument instrument, MetricKind kind)
    {
        var (suffix, factor) = Unit(instrument.Unit, kind);
        var name = Letters(instrument.Name, allowColon: true);
        if (suffix.Length > 0 && !name.EndsWith(suffix, StringComparison.Ordinal)) name += suffix;
        if (kind is not MetricKind.Histogram)
        {
            // Those endings are what a histogram's own series are called by.
            foreach (var ending in OfHistograms)
            {
                if (name.EndsWith(ending, StringComparison.Ordinal)) name = name[..^ending.Length];
            }
        }
        if (kind is MetricKind.Counter && !name.EndsWith("_total", StringComparison.Ordinal)) name += "_total";
        if (kind is not MetricKind.Counter && name.EndsWith("_total", StringComparison.Ordinal)) name = name[..^6];
        return new(name, factor);
    }

    /// <summary>Letters, digits and underscores in lower_snake_case; never empty, no digit first.</summary>
    public static string Letters(string name, bool allowColon = false)
    {
        var letters = new StringBuilder(name.Length + 4);
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterUpper(letter))
            {
                if (letters.Length > 0 && char.IsAsciiLetterLower(letters[^1])) letters.Append('_');
                letters.Append(char.ToLowerInvariant(letter));
            }
            else if (char.IsAsciiLetterOrDigit(letter) || (allowColon && letter == ':'))
            {
                letters.Append(letter);
            }
            else if (letters.Length == 0 || letters[^1] != '_')
            {
                letters.Append('_');
            }
        }
        if (letters.Length == 0 || char.IsAsciiDigit(letters[0])) letters.Insert(0, '_');
        return letters.ToString().TrimEnd('_') is { Length: > 0 } text ? text : "_";
    }

    private static (string Suffix, double Factor) Unit(string? unit, MetricKind kind) => unit switch
    {
        null or "" => ("", 1),
        "s" => ("_seconds", 1),
        "ms" => ("_seconds", 1e-3),
        "us" => ("_seconds", 1e-6),
        "ns" => ("_seconds", 1e-9),
        "min" => ("_seconds", 60),
        "h" => ("_seconds", 3_600),
        "d" => ("_seconds", 86_400),
        "By" => ("_bytes", 1),
        "KiBy" => ("_bytes", 1_024),
        "MiBy" => ("_bytes", 1_048_576),
        "%" => ("_ratio", 1e-2),
        "1" => (kind is MetricKind.Gauge ? "_ratio" : "", 1),
        ['{', ..] => ("", 1), // An annotation: {request}.
        _ => ($"_{Letters(unit.Replace("/", "_per_", StringComparison.Ordinal))}", 1),
    };
}

internal enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}
