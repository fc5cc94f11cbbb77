using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Tributary.Streaming.Reading;

/// <summary>A line for a reader: well, trying again (degraded), or stopped until someone acts (unhealthy).</summary>
internal sealed class ReaderHealth(Func<ReaderStatus> status) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken)
    {
        var troubles = status().Troubles;
        var sentences = string.Join("; ", troubles.Select(trouble => trouble.Sentence));
        return Task.FromResult(
            troubles.Count == 0 ? HealthCheckResult.Healthy("reads")
            : troubles.Any(trouble => trouble.IsLasting) ? HealthCheckResult.Unhealthy(sentences)
            : HealthCheckResult.Degraded(sentences));
    }
}
