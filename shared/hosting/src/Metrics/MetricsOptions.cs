using System.ComponentModel.DataAnnotations;

namespace Tributary.Hosting.Metrics;

internal sealed class MetricsOptions
{
    /// <summary>Combinations of labels kept per metric; measurements beyond are counted as dropped.</summary>
    [Range(10, 100_000)]
    public int SeriesMax { get; init; } = 1_000;
}
