using System.ComponentModel.DataAnnotations;

namespace Tributary.Hosting.Health;

internal sealed class HealthOptions
{
    /// <summary>How long a check may take that sets no bound of its own; then its dependency is unhealthy.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:30")]
    public TimeSpan CheckTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How old an answer may be that is given again, so that probes do not load what they probe.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:30")]
    public TimeSpan AnswerAgeMax { get; init; } = TimeSpan.FromSeconds(1);
}
