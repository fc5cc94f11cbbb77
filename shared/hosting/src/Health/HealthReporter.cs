using Microsoft.Extensions.Diagnostics.HealthChecks;
using Tributary.Hosting.Stopping;

namespace Tributary.Hosting.Health;

/// <summary>
/// Runs the checks at most once at a time and once per <see cref="HealthOptions.AnswerAgeMax"/>, however many ask.
/// A process that was told to stop is not ready, whatever its checks say.
/// </summary>
internal sealed class HealthReporter(
    HealthCheckService checks, Draining draining, IOptions<HealthOptions> options, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private Answer? _answer;

    public async Task<Answer> ReportAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_answer is not { } known || time.GetElapsedTime(known.Asked) >= options.Value.AnswerAgeMax)
            {
                var report = await checks.CheckHealthAsync(cancellationToken);
                _answer = new(report, time.GetTimestamp(), time.GetUtcNow(), IsDraining: false);
            }
            return _answer with { IsDraining = draining.HasBegun };
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    public sealed record Answer(HealthReport Report, long Asked, DateTimeOffset At, bool IsDraining)
    {
        public bool IsReady => !IsDraining && Report.Status != HealthStatus.Unhealthy;
    }
}
