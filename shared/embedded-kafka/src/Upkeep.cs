using Microsoft.Extensions.Logging;
using Tributary.EmbeddedKafka.Groups;
using Tributary.EmbeddedKafka.Storage;
using Tributary.EmbeddedKafka.Topics;

namespace Tributary.EmbeddedKafka;

/// <summary>
/// What goes on beside requests: the flushes of the fsync policy on one loop; retention, compaction and the age of
/// offsets on another.
/// </summary>
internal sealed partial class Upkeep(
    TopicCatalogue topics, GroupStore groups, LogSurroundings surroundings, BrokerOptions options) : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly Compaction compaction = new(surroundings);
    private Task flushing = Task.CompletedTask;
    private Task tidying = Task.CompletedTask;

    public void Start()
    {
        flushing = RepeatAsync(options.FsyncInterval, Flush);
        tidying = RepeatAsync(options.UpkeepInterval, Tidy);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await Task.WhenAll(flushing, tidying);
        stopping.Dispose();
    }

    private async Task RepeatAsync(TimeSpan interval, Func<CancellationToken, ValueTask> work)
    {
        using var timer = new PeriodicTimer(interval, surroundings.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                try
                {
                    await work(stopping.Token);
                }
                catch (Exception failed) when (failed is not OperationCanceledException)
                {
                    UpkeepFailed(surroundings.Logger, failed);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The broker stops.
        }
    }

    private ValueTask Flush(CancellationToken cancellationToken)
    {
        for (var count = surroundings.Dirty.Count; count > 0 && surroundings.Dirty.TryDequeue(out var log); count--)
        {
            if (surroundings.Fsync != FsyncPolicy.Os || log.HasClosedSegments) log.TryFlush();
            else log.LeaveToSystem();
        }

        if (surroundings.Fsync == FsyncPolicy.Interval) groups.Flush();
        return ValueTask.CompletedTask;
    }

    private async ValueTask Tidy(CancellationToken cancellationToken)
    {
        foreach (var topic in topics.All)
        {
            foreach (var log in topic.Partitions)
            {
                cancellationToken.ThrowIfCancellationRequested();
                log.Retain();
                if (log.Settings.Compact) compaction.Run(log, cancellationToken);
            }
        }

        await ForgetOldOffsetsAsync();
        groups.RewriteWhenLarge();
    }

    private async ValueTask ForgetOldOffsetsAsync()
    {
        var before = surroundings.Time.GetUtcNow()
            .ToUnixTimeMilliseconds() - (long)options.OffsetsKept.TotalMilliseconds;
        foreach (var group in groups.All)
        {
            List<(string, int)> old;
            lock (group.Gate)
            {
                if (group.State != GroupState.Empty || group.EmptySince > before) continue;
                old = [.. group.Offsets.Where(pair => pair.Value.CommittedAt < before).Select(pair => pair.Key)];
            }

            await groups.ForgetAsync(group, old);
            lock (group.Gate)
            {
                if (group.IsUnused) groups.Drop(group);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "Upkeep failed and is tried again")]
    private static partial void UpkeepFailed(ILogger logger, Exception exception);
}
