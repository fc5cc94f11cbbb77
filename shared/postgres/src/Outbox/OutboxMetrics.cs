using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Tributary.Postgres.Outbox;

/// <summary>What the relays of a process report, by service.</summary>
internal sealed class OutboxMetrics : IDisposable
{
    private readonly ConcurrentDictionary<string, OutboxLag> _lags = [];
    private readonly Meter _meter;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _failures;

    public OutboxMetrics(IMeterFactory meters)
    {
        _meter = meters.Create("Tributary.Postgres");
        _sent = _meter.CreateCounter<long>("tributary.outbox.sent", "{message}", "Messages acknowledged by Kafka.");
        _failures = _meter.CreateCounter<long>("tributary.outbox.failures", "{try}", "Tries of a relay that failed.");
        _meter.CreateObservableGauge(
            "tributary.outbox.lag", () => Read(lag => lag.Messages), "{message}", "Messages committed and not sent.");
        _meter.CreateObservableGauge(
            "tributary.outbox.age", () => Read(lag => lag.AgeSeconds), "s", "Age of the oldest message not sent.");
    }

    public void MessagesSent(string service, int messages) => _sent.Add(messages, Tag(service));

    public void TryFailed(string service) => _failures.Add(1, Tag(service));

    /// <param name="lag">Null: another process's relay tells it.</param>
    public void LagMeasured(string service, OutboxLag? lag)
    {
        if (lag is null) _lags.TryRemove(service, out _);
        else _lags[service] = lag;
    }

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<T>> Read<T>(Func<OutboxLag, T> value) where T : struct =>
        _lags.Select(lag => new Measurement<T>(value(lag.Value), Tag(lag.Key)));

    private static KeyValuePair<string, object?> Tag(string service) => new("service", service);
}
