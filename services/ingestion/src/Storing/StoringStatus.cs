using System.Collections.Concurrent;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Tributary.Ingestion.Storing;

/// <summary>What the writer waits for, by what it is doing; empty when all is well. Any thread.</summary>
internal sealed class StoringStatus : IHealthCheck
{
    private readonly ConcurrentDictionary<string, string> _troubles = [];

    /// <returns>True when it was well before.</returns>
    public bool Fails(string what, string reason)
    {
        var isNew = !_troubles.ContainsKey(what);
        _troubles[what] = reason;
        return isNew;
    }

    /// <returns>True when it was in trouble before.</returns>
    public bool Answers(string what) => _troubles.TryRemove(what, out _);

    /// <summary>Degraded and not unhealthy: events are kept and wait, and it goes on by itself.</summary>
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(_troubles.OrderBy(pair => pair.Key).FirstOrDefault() is { Value: { } reason }
            ? HealthCheckResult.Degraded($"rows wait for ClickHouse: {reason}")
            : HealthCheckResult.Healthy("writes"));
}
