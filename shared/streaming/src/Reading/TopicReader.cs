using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Tributary.Streaming.Reading;

/// <summary>
/// Reads one topic as one consumer. Its dedicated thread alone touches the log and the lanes: it polls, which keeps the
/// membership alive while handlers run elsewhere, cuts batches, and takes in what came of them. Per partition, one
/// thing is under way at a time: finding the start, or handling a batch.
/// </summary>
internal sealed partial class TopicReader(
    ReaderIdentity identity,
    ILog log,
    PartitionOpener opener,
    IHandOver handOver,
    ReaderSurroundings around) : BackgroundService, ILogListener
{
    private const int RecordsPerTurnMax = 1_000;
    private static readonly TimeSpan IdleWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BusyWait = TimeSpan.FromMilliseconds(5);

    private readonly ReaderOptions _options = around.Options;
    private readonly TimeProvider _time = around.Time;
    private readonly ILogger _logger = around.Logger;
    private readonly Dictionary<int, Lane> _lanes = [];
    private long _heldBytes;
    private readonly AutoResetEvent _somethingEnded = new(initialState: false);

    public ReaderStatus Status { get; } = new(identity.Consumer);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Factory.StartNew(
        () => Run(stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(CancellationToken stoppingToken)
    {
        try
        {
            log.Join(this);
            while (!stoppingToken.IsCancellationRequested)
            {
                Collect();
                _heldBytes = _lanes.Values.Sum(lane => lane.CollectedBytes);
                foreach (var lane in _lanes.Values) Advance(lane);
            }
            Settle(_lanes.Values);
            log.Leave();
        }
        catch (Exception exception)
        {
            // Nothing of ours throws here: what does is unforeseen. A reader that is gone is seen in health.
            Status.Set(partition: null, $"the reader has ended: {exception.Message}", isLasting: true);
            ReaderEnded(exception, identity.Consumer, identity.Topic);
            throw;
        }
        finally
        {
            log.Dispose();
        }
    }

    /// <summary>Takes what the log has ready; waits no longer than until something is due.</summary>
    private void Collect()
    {
        var isBusy = _lanes.Values.Any(lane => lane.Handling is not null || lane.Opening is not null);
        var isDue = _lanes.Values.Any(
            lane => lane.CollectedRecords > 0 || lane.IsAstray || lane.Phase != LanePhase.Reading);
        var wait = isBusy ? TimeSpan.Zero : isDue ? BusyWait : IdleWait;
        var taken = 0;
        while (taken < RecordsPerTurnMax && log.Poll(taken == 0 ? wait : TimeSpan.Zero) is { } record)
        {
            taken++;
            if (_lanes.TryGetValue(record.Partition, out var lane)
                && !lane.TryTake(record, _time.GetTimestamp(), identity.GapsAreUsual))
            {
                FoundGap(identity.Consumer, identity.Topic, lane.Partition, lane.Next, record.Offset);
            }
        }
        if (taken == 0 && isBusy) _somethingEnded.WaitOne(BusyWait);
    }

    private void Advance(Lane lane)
    {
        if (lane.IsAstray && log.TrySeek(lane.Partition, lane.Next)) lane.WasSentBack();
        switch (lane.Phase)
        {
            case LanePhase.Closed when IsDue(lane):
                lane.Phase = LanePhase.Opening;
                lane.Opening = WakeAfter(Task.Run(() => opener.OpenAsync(lane.Partition, CancellationToken.None)));
                break;
            case LanePhase.Opening when lane.Opening!.IsCompleted:
                Opened(lane, lane.Opening);
                break;
            case LanePhase.Repeating when IsDue(lane) && log.TrySeek(lane.Partition, lane.Stored!.NextOffset):
                lane.StartReading();
                break;
            case LanePhase.Reading when lane.Handling is { } handling:
                TakeIn(lane, handling);
                break;
            case LanePhase.Reading when IsReady(lane):
                Start(lane);
                break;
        }
        PauseOrResume(lane);
    }

    private void Opened(Lane lane, Task<PartitionStart> opening)
    {
        lane.Opening = null;
        if (!opening.IsCompletedSuccessfully)
        {
            CouldNotOpen(opening.Exception, identity.Consumer, identity.Topic, lane.Partition);
            TryAgain(lane, LanePhase.Closed, $"could not find its start: {opening.Exception?.InnerException?.Message}");
            return;
        }
        switch (opening.GetAwaiter().GetResult())
        {
            case PartitionStart.GoOn goOn:
                lane.Stored = goOn.From;
                lane.Phase = LanePhase.Repeating;
                lane.DueAt = _time.GetTimestamp();
                if (Status.IsLasting(lane.Partition)) lane.Failures = 0; // Its loss was accepted.
                Status.Clear(lane.Partition);
                PartitionOpened(identity.Consumer, identity.Topic, lane.Partition, goOn.From.NextOffset);
                break;
            case PartitionStart.Stop stop:
                // Only this partition stops: the others' order and completeness do not depend on it. It is looked at
                // again with backoff, so that accepting its loss needs no restart.
                if (!Status.IsLasting(lane.Partition)) PartitionStopped(stop.Sentence);
                lane.Failures++;
                Close(lane, LanePhase.Closed, Pause(lane.Failures));
                Status.Set(lane.Partition, stop.Sentence, isLasting: true);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private bool IsReady(Lane lane) =>
        lane.CollectingSince is { } since
        && (lane.Stored!.BatchEnd is { } end
            ? lane.Next >= end
            : lane.CollectedRecords >= _options.BatchRecordsMax
                || lane.CollectedBytes >= _options.BatchBytesMax
                || _time.GetElapsedTime(since) >= _options.BatchAgeMax);

    private void Start(Lane lane)
    {
        var records = lane.Stored!.BatchEnd is { } end
            ? lane.CutBefore(end)
            : lane.Cut(_options.BatchRecordsMax, _options.BatchBytesMax);
        var (stored, cancellation) = (lane.Stored!, new CancellationTokenSource());
        var outcome = WakeAfter(Task.Run(() => handOver.RunAsync(records, stored, cancellation.Token)));
        lane.Handling = new Handling(outcome, cancellation, _time.GetTimestamp());
    }

    private void TakeIn(Lane lane, Handling handling)
    {
        var took = _time.GetElapsedTime(handling.StartedAt);
        if (!handling.Outcome.IsCompleted)
        {
            if (took < _options.HandlerTimeMax) return;
            handling.Cancellation.Cancel();
            if (took < _options.HandlerTimeMax + _options.HandlerGraceMax) return;
            lane.Handling = null; // Left behind: if it ever commits, the store's fence decides, and we read it anew.
            Ended(lane, "left-behind", took);
            TryAgain(lane, LanePhase.Closed, $"the handler did not end within {_options.HandlerTimeMax}");
            return;
        }
        lane.Handling = null;
        handling.Cancellation.Dispose();
        TakeIn(lane, handling.Outcome.GetAwaiter().GetResult(), took);
    }

    private void TakeIn(Lane lane, HandOverOutcome outcome, TimeSpan took)
    {
        switch (outcome)
        {
            case HandOverOutcome.Kept kept:
                lane.Stored = kept.Stored;
                lane.Failures = 0;
                Status.Clear(lane.Partition);
                log.ShowProgress(lane.Partition, kept.Stored.NextOffset);
                around.Metrics.BatchKept(identity.Consumer, identity.Topic, kept.Count);
                Ended(lane, "kept", took);
                ShowLag(lane);
                break;
            case HandOverOutcome.AnotherOwner:
                AnotherOwner(identity.Consumer, identity.Topic, lane.Partition, lane.Stored!.NextOffset);
                Ended(lane, "another-owner", took);
                TryAgain(lane, LanePhase.Closed, "another owner moved its stored offset");
                if (lane.Failures == 1) lane.DueAt = _time.GetTimestamp(); // Reading anew settles it, but not for ever.
                break;
            case HandOverOutcome.TopicMadeAnew:
                Ended(lane, "topic-made-anew", took);
                Close(lane, LanePhase.Closed, TimeSpan.Zero);
                break;
            case HandOverOutcome.Failed failed:
                HandlerFailed(failed.Exception, identity.Consumer, identity.Topic, lane.Partition, lane.Failures + 1);
                Ended(lane, "failed", took);
                TryAgain(
                    lane, identity.StartsAnewAfterFailure ? LanePhase.Closed : LanePhase.Repeating,
                    $"its handler fails: {failed.Exception.Message}");
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void TryAgain(Lane lane, LanePhase phase, string trouble)
    {
        lane.Failures++;
        Close(lane, phase, Pause(lane.Failures));
        Status.Set(
            lane.Partition,
            $"{identity.Topic}[{lane.Partition}] {trouble} ({lane.Failures} in a row)",
            isLasting: false);
    }

    /// <summary>Forgets what was collected; the partition goes on from its stored offset after the pause.</summary>
    private void Close(Lane lane, LanePhase phase, TimeSpan pause)
    {
        lane.Phase = phase;
        lane.Forget();
        lane.DueAt = _time.GetTimestamp() + (long)(pause.TotalSeconds * _time.TimestampFrequency);
    }

    private TimeSpan Pause(int failures) => RetryPause.After(failures, _options, around.Chance);

    private bool IsDue(Lane lane) => _time.GetTimestamp() >= lane.DueAt;

    /// <summary>A partition that is full or not being read is not fetched; one that has room again is.</summary>
    private void PauseOrResume(Lane lane)
    {
        // A batch whose end was written down has to be collected whole, whatever the bounds are now.
        var isPromised = lane.Phase == LanePhase.Reading && lane.Stored!.BatchEnd is { } end && lane.Next < end;
        var isFull = !isPromised
            && (lane.CollectedRecords >= _options.BatchRecordsMax * _options.BatchesAheadMax
                || lane.CollectedBytes >= (long)_options.BatchBytesMax * _options.BatchesAheadMax
                || (lane.CollectedRecords > 0 && _heldBytes >= _options.HeldBytesMax));
        var hasRoom = lane.CollectedRecords < _options.BatchRecordsMax && lane.CollectedBytes < _options.BatchBytesMax;
        var isReading = lane.Phase == LanePhase.Reading;
        if (!lane.IsPaused && (isFull || !isReading))
        {
            log.Pause(lane.Partition);
            lane.IsPaused = true;
        }
        else if (lane.IsPaused && isReading && hasRoom)
        {
            log.Resume(lane.Partition);
            lane.IsPaused = false;
        }
    }

    private void Ended(Lane lane, string outcome, TimeSpan took)
    {
        around.Metrics.BatchEnded(identity.Consumer, identity.Topic, outcome, took);
        BatchEnded(identity.Consumer, identity.Topic, lane.Partition, outcome);
    }

    private void ShowLag(Lane lane)
    {
        if (log.EndOf(lane.Partition) is { } end)
            around.Metrics.Lag(
                identity.Consumer, identity.Topic, lane.Partition, Math.Max(0, end - lane.Stored!.NextOffset));
    }

    private Task<T> WakeAfter<T>(Task<T> task)
    {
        _ = task.ContinueWith(
            _ => _somethingEnded.Set(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return task;
    }

    public override void Dispose()
    {
        base.Dispose();
        // Not disposed: a handler left behind may set it yet. It has no handle until waited for, and the process ends.
        GC.SuppressFinalize(this);
    }
}
