using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Tributary.Postgres.Outbox;

/// <summary>
/// Sends a service's outbox to Kafka in commit order. Many may run; the one with the lease works. What is sent and not
/// marked is sent again by the next one, with the positions it had, and readers skip it.
/// </summary>
internal sealed partial class OutboxRelay(
    ServiceDatabase database,
    OpenOutboxSender openSender,
    OutboxOptions options,
    OutboxStatus status,
    TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan MeasureEvery = TimeSpan.FromSeconds(1);
    private readonly ILogger _logger = database.Loggers.CreateLogger<OutboxRelay>();
    private long _measuredAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // The host starts its other services meanwhile.
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RelayUntilLostAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) // Whatever it is, nothing was marked: the next try repeats from there.
            {
                var pause = status.Failed(fault.Message);
                RelayFailed(database.Service, fault.Message, pause);
                await PauseAsync(pause, stoppingToken);
            }
        }
    }

    private async Task RelayUntilLostAsync(CancellationToken cancellationToken)
    {
        await using var lease = await OutboxLease.TryTakeAsync(database, options, cancellationToken);
        if (lease is null)
        {
            status.StandsBy();
            await Task.Delay(options.PollInterval, time, cancellationToken);
            return;
        }

        await using var sender = openSender();
        RelayStarted(database.Service);
        while (true)
        {
            var sent = await PassAsync(lease, sender, cancellationToken);
            if (_measuredAt == 0 || time.GetElapsedTime(_measuredAt) >= MeasureEvery)
                await MeasureAsync(lease, cancellationToken);
            if (!sent) await lease.WaitAsync(cancellationToken);
        }
    }

    /// <returns>Whether there may be more to send at once.</returns>
    private async Task<bool> PassAsync(OutboxLease lease, IOutboxSender sender, CancellationToken cancellationToken)
    {
        // 1. Read what is committed and not marked, in order.
        var entries = await lease.ReadAsync(cancellationToken);
        if (entries.Count > 0)
        {
            // 2. Send it; stopped here, it is sent again.
            await SendAsync(lease, sender, entries, cancellationToken);

            // 3. Mark it sent, by the session that holds the lease.
            await lease.MarkSentAsync(entries[^1].Position, cancellationToken);
        }

        // 4. Delete what was sent long ago, a bounded number.
        var more = await lease.DeleteOldAsync(cancellationToken);
        status.Succeeded(entries.Count);
        return entries.Count > 0 || more;
    }

    private async Task SendAsync(
        OutboxLease lease,
        IOutboxSender sender,
        IReadOnlyList<OutboxEntry> entries,
        CancellationToken cancellationToken)
    {
        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = sender.SendAsync(entries, stopped.Token);
        try
        {
            while (await Task.WhenAny(sending, Task.Delay(options.LeaseMax / 3, time, stopped.Token)) != sending)
                await MeasureAsync(lease, cancellationToken); // Keeps the lease, and says how much waits.
            await sending;
        }
        finally
        {
            await stopped.CancelAsync();
        }
    }

    private async Task MeasureAsync(OutboxLease lease, CancellationToken cancellationToken)
    {
        _measuredAt = time.GetTimestamp();
        status.Measured(await lease.MeasureAsync(cancellationToken));
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(pause, time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
        }
    }

    [LoggerMessage(LogLevel.Information, "Started to relay the outbox of {Service}")]
    private partial void RelayStarted(string service);

    [LoggerMessage(LogLevel.Warning, "Failed to relay the outbox of {Service}: {Reason}; tried again after {Pause}")]
    private partial void RelayFailed(string service, string reason, TimeSpan pause);
}
