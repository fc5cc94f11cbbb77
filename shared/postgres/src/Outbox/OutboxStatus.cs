using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Tributary.Postgres.Outbox;

/// <summary>How a service's relay is doing: its health line and its numbers. Written by the relay, read by anyone.</summary>
internal sealed class OutboxStatus : IHealthCheck, IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _failures;
    private readonly TimeSpan _ageMax;
    private readonly KeyValuePair<string, object?> _service;
    private volatile string? _failure;
    private volatile OutboxLag? _lag;
    private int _failuresInARow;

    public OutboxStatus(string service, OutboxOptions options, IMeterFactory meters)
    {
        _ageMax = options.AgeMax;
        _service = new("service", service);
        _meter = meters.Create("Tributary.Postgres");
        _sent = _meter.CreateCounter<long>("tributary.outbox.sent", "{message}", "Messages acknowledged by Kafka.");
        _failures = _meter.CreateCounter<long>("tributary.outbox.failures", "{try}", "Tries of a relay that failed.");
        _meter.CreateObservableGauge(
            "tributary.outbox.lag", () => Read(lag => lag.Messages), "{message}", "Messages committed and not sent.");
        _meter.CreateObservableGauge(
            "tributary.outbox.age", () => Read(lag => lag.AgeSeconds), "s", "Age of the oldest message not sent.");
    }

    public void Succeeded(int messages)
    {
        _failure = null;
        _failuresInARow = 0;
        if (messages > 0) _sent.Add(messages, _service);
    }

    /// <summary>Another relay works; its numbers are told there.</summary>
    public void StandsBy()
    {
        _failure = null;
        _failuresInARow = 0;
        _lag = null;
    }

    public void Measured(OutboxLag lag) => _lag = lag;

    /// <returns>How long to pause.</returns>
    public TimeSpan Failed(string reason, OutboxOptions options)
    {
        _failure = reason;
        _failures.Add(1, _service);
        var pause = options.PollInterval * Math.Pow(2, Math.Min(_failuresInARow++, 20));
        return pause < options.BackoffMax ? pause : options.BackoffMax;
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        var old = _lag is { } lag && lag.AgeSeconds > _ageMax.TotalSeconds
            ? $"{lag.Messages} messages are not sent, the oldest for {lag.AgeSeconds:0} s"
            : null;
        var reasons = string.Join("; ", new[] { _failure, old }.Where(reason => reason is not null));
        return Task.FromResult(
            reasons.Length == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(reasons));
    }

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<T>> Read<T>(Func<OutboxLag, T> value) where T : struct =>
        _lag is { } lag ? [new(value(lag), _service)] : [];
}
