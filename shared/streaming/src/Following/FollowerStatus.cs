using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Tributary.Streaming.Following;

/// <summary>How far a follower is, for its health line. Written by its thread, read by any.</summary>
public sealed class FollowerStatus : IHealthCheck
{
    private volatile string? _trouble;
    private volatile string? _unread;
    private volatile bool _isReady;

    /// <summary>Whether the topic was read to its end once. It never turns back.</summary>
    public bool IsReady => _isReady;

    /// <summary>Well; going on with what it knows (degraded); or never having known all (unhealthy).</summary>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        var trouble = _trouble ?? _unread;
        return Task.FromResult(_isReady switch
        {
            false => HealthCheckResult.Unhealthy(_trouble ?? "The topic was not read to its end yet."),
            true when trouble is not null => HealthCheckResult.Degraded($"Goes on with what it knows: {trouble}"),
            true => HealthCheckResult.Healthy("Follows."),
        });
    }

    internal void ReachedEnd() => (_isReady, _trouble) = (true, null);

    internal void IsWell() => _trouble = null;

    internal void Met(string trouble) => _trouble = trouble;

    internal void Skipped(long offset) => _unread = $"the record at {offset} could not be read and was skipped.";
}
