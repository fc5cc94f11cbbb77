using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Tributary.Postgres.Outbox;

/// <summary>How a service's relay is doing: its health line. Written by the relay, read by anyone.</summary>
internal sealed class OutboxStatus(string service, OutboxOptions options, OutboxMetrics metrics) : IHealthCheck
{
    private volatile string? _failure;
    private volatile OutboxLag? _lag;
    private int _failuresInARow;

    public void Succeeded(int messages)
    {
        _failure = null;
        _failuresInARow = 0;
        if (messages > 0) metrics.MessagesSent(service, messages);
    }

    /// <summary>Another relay works; its numbers are told there.</summary>
    public void StandsBy()
    {
        _failure = null;
        _failuresInARow = 0;
        Measured(null);
    }

    public void Measured(OutboxLag? lag)
    {
        _lag = lag;
        metrics.LagMeasured(service, lag);
    }

    /// <returns>How long to pause.</returns>
    public TimeSpan Failed(string reason)
    {
        _failure = reason;
        metrics.TryFailed(service);
        var pause = options.PollInterval * Math.Pow(2, Math.Min(_failuresInARow++, 20));
        return pause < options.BackoffMax ? pause : options.BackoffMax;
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        var old = _lag is { } lag && lag.AgeSeconds > options.AgeMax.TotalSeconds
            ? $"{lag.Messages} messages are not sent, the oldest for {lag.AgeSeconds:0} s"
            : null;
        var reasons = string.Join("; ", new[] { _failure, old }.Where(reason => reason is not null));
        return Task.FromResult(
            reasons.Length == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(reasons));
    }
}
