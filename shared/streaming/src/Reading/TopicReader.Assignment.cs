using Microsoft.Extensions.Logging;

namespace Tributary.Streaming.Reading;

/// <summary>How partitions come and go; called by the log on the reader's thread, inside its poll.</summary>
internal sealed partial class TopicReader
{
    void ILogListener.Assigned(IReadOnlyList<int> partitions)
    {
        foreach (var partition in partitions) _lanes[partition] = new Lane(partition, _time.GetTimestamp());
        Assigned(identity.Consumer, identity.Topic, partitions);
    }

    void ILogListener.Revoked(IReadOnlyList<int> partitions)
    {
        Settle([.. _lanes.Values.Where(lane => partitions.Contains(lane.Partition))]);
        Remove(partitions);
        Revoked(identity.Consumer, identity.Topic, partitions);
    }

    void ILogListener.Lost(IReadOnlyList<int> partitions)
    {
        // Someone else may be ahead already: there is nothing to wait for, and the store fences off what still runs.
        foreach (var partition in partitions)
        {
            if (_lanes.TryGetValue(partition, out var lane)) lane.Handling?.Cancellation.Cancel();
        }
        Remove(partitions);
        Lost(identity.Consumer, identity.Topic, partitions);
    }

    void ILogListener.Faulted(int? partition, string reason)
    {
        LogFaulted(identity.Consumer, identity.Topic, partition, reason);
        if (partition is not { } number)
        {
            Status.Set(partition: null, $"{identity.Topic}: {reason}", isLasting: false);
            return;
        }
        // It is opened anew, which finds out what is wrong. What is with the handler is taken in before: it was read
        // well.
        if (!_lanes.TryGetValue(number, out var lane) || lane.Phase is not LanePhase.Reading) return;
        if (lane.Handling is { } handling) TakeInWithin(lane, handling, _options.HandlerGraceMax);
        TryAgain(lane, LanePhase.Closed, reason);
    }

    /// <summary>
    /// Lets what is with the handlers end within the grace, then cancels it; takes in what came of it.
    /// </summary>
    private void Settle(IReadOnlyCollection<Lane> lanes)
    {
        var handlings = lanes.Select(lane => lane.Handling).OfType<Handling>().ToArray();
        Task[] outcomes = [.. handlings.Select(handling => handling.Outcome)];
        if (!Task.WaitAll(outcomes, _options.HandlerGraceMax))
        {
            foreach (var handling in handlings) handling.Cancellation.Cancel();
            Task.WaitAll(outcomes, _options.HandlerGraceMax);
        }
        foreach (var lane in lanes)
        {
            if (lane.Handling is { } handling) TakeInWithin(lane, handling, TimeSpan.Zero);
        }
    }

    private void TakeInWithin(Lane lane, Handling handling, TimeSpan grace)
    {
        if (Task.WaitAll([handling.Outcome], grace)) TakeIn(lane, handling);
        else handling.Cancellation.Cancel();
        lane.Handling = null;
    }

    private void Remove(IReadOnlyList<int> partitions)
    {
        foreach (var partition in partitions)
        {
            _lanes.Remove(partition);
            Status.Clear(partition);
            around.Metrics.NotRead(identity.Consumer, identity.Topic, partition);
        }
    }

    [LoggerMessage(LogLevel.Information, "{Consumer} was assigned {Topic} {Partitions}")]
    private partial void Assigned(string consumer, string topic, IReadOnlyList<int> partitions);

    [LoggerMessage(LogLevel.Information, "{Consumer} handed back {Topic} {Partitions}")]
    private partial void Revoked(string consumer, string topic, IReadOnlyList<int> partitions);

    [LoggerMessage(LogLevel.Warning, "{Consumer} lost {Topic} {Partitions}: it was silent for too long")]
    private partial void Lost(string consumer, string topic, IReadOnlyList<int> partitions);

    [LoggerMessage(LogLevel.Warning, "{Consumer} could not read {Topic} {Partition}: {Reason}")]
    private partial void LogFaulted(string consumer, string topic, int? partition, string reason);

    [LoggerMessage(LogLevel.Information, "{Consumer} goes on in {Topic} {Partition} at {Offset}")]
    private partial void PartitionOpened(string consumer, string topic, int partition, long offset);

    [LoggerMessage(LogLevel.Warning,
        "{Consumer} expected {Topic} {Partition} at {Expected} and was given {Found}; it asks once more")]
    private partial void FoundGap(string consumer, string topic, int partition, long expected, long found);

    [LoggerMessage(LogLevel.Error, "{Sentence}")]
    private partial void PartitionStopped(string sentence);

    [LoggerMessage(LogLevel.Warning, "{Consumer} could not find where to go on in {Topic} {Partition}")]
    private partial void CouldNotOpen(Exception? exception, string consumer, string topic, int partition);

    [LoggerMessage(LogLevel.Warning, "{Consumer} found {Topic} {Partition} moved on from {Offset} by another owner")]
    private partial void AnotherOwner(string consumer, string topic, int partition, long offset);

    [LoggerMessage(LogLevel.Warning, "{Consumer} failed at {Topic} {Partition}, {Times} in a row; it tries again")]
    private partial void HandlerFailed(Exception exception, string consumer, string topic, int partition, int times);

    [LoggerMessage(LogLevel.Debug, "{Consumer} ended a batch of {Topic} {Partition}: {Outcome}")]
    private partial void BatchEnded(string consumer, string topic, int partition, string outcome);

    [LoggerMessage(LogLevel.Critical, "{Consumer} no longer reads {Topic}")]
    private partial void ReaderEnded(Exception exception, string consumer, string topic);
}
