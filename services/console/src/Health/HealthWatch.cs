using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Tributary.Console.Health;

/// <summary>
/// Asks the host's health every few seconds, on its own, so that no page waits for a slow dependency and no visitor
/// adds to its load.
/// </summary>
internal sealed partial class HealthWatch(
    HealthCheckService checks, IOptions<ConsoleOptions> options, TimeProvider time, ILogger<HealthWatch> log)
    : BackgroundService
{
    private volatile HealthSeen _latest = new HealthSeen.NotYet();

    /// <summary>What was seen last; never waits.</summary>
    public HealthSeen Latest => _latest;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.HealthEvery, time);
        do await LookAsync(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        // One trace for each look, so that a page can name the one that failed.
        using var look = new Activity("console health").Start();
        try
        {
            var report = await checks.CheckHealthAsync(cancellationToken);
            _latest = new HealthSeen.Lines(time.GetUtcNow(), HealthLine.Of(report));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            HealthNotRead(log, failure);
            _latest = new HealthSeen.Failed(time.GetUtcNow(), look.TraceId.ToHexString(), _latest.LastLines);
        }
    }

    [LoggerMessage(LogLevel.Error, "The health of this process could not be read")]
    private static partial void HealthNotRead(ILogger log, Exception failure);
}
