using System.ComponentModel.DataAnnotations;

namespace Tributary.Hosting.Stopping;

internal sealed class StopOptions
{
    /// <summary>All of a stop together; what is still under way then is cut off.</summary>
    public static readonly TimeSpan Total = TimeSpan.FromSeconds(9);

    /// <summary>
    /// How long requests are still taken after readiness turned 503, so that no balancer sends to a closed port.
    /// In Kubernetes: longer than its endpoints take to spread.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:05")]
    public TimeSpan UnreadyFor { get; init; } = TimeSpan.FromSeconds(1);
}
