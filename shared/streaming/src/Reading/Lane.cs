namespace Tributary.Streaming.Reading;

/// <summary>What a reader does with a partition.</summary>
internal enum LanePhase
{
    /// <summary>Waits until it is time to find its start.</summary>
    Closed,

    /// <summary>Its start is being found.</summary>
    Opening,

    /// <summary>Waits until it is time to seek to the stored offset.</summary>
    Repeating,

    /// <summary>Collects records; one batch at a time is with the handler.</summary>
    Reading,
}

/// <summary>
/// One assigned partition: its stored offset, the records collected behind it, and the one thing that is under way for
/// it. Used by the reader's thread alone; what is under way runs elsewhere and only ends here.
/// </summary>
internal sealed class Lane(int partition, long dueAt)
{
    private readonly Queue<(Record Record, long TakenAt)> _collected = [];

    public int Partition => partition;

    public LanePhase Phase { get; set; } = LanePhase.Closed;

    /// <summary>When a closed or repeating lane goes on.</summary>
    public long DueAt { get; set; } = dueAt;

    /// <summary>The last known; null before the partition is opened.</summary>
    public StoredOffset? Stored { get; set; }

    /// <summary>Failures one after the other; none after a batch was kept.</summary>
    public int Failures { get; set; }

    public bool IsPaused { get; set; }

    public Task<PartitionStart>? Opening { get; set; }

    public Handling? Handling { get; set; }

    public int CollectedRecords => _collected.Count;

    public long CollectedBytes { get; private set; }

    /// <summary>When the first collected record was taken; null when there is none.</summary>
    public long? CollectingSince => _collected.TryPeek(out var first) ? first.TakenAt : null;

    /// <summary>The offset of the record that comes next.</summary>
    public long Next { get; private set; }

    /// <summary>Whether the log has to be sent back to <see cref="Next"/>: nothing is taken until then.</summary>
    public bool IsAstray { get; private set; }

    /// <summary>
    /// Takes the record that comes next; records of before a seek are none. False when one is missing before it: the
    /// log is then asked once more, because a client that lost its place must not make us skip what it jumped over.
    /// What is missing twice is not there.
    /// </summary>
    public bool TryTake(Record record, long now, bool gapsAreUsual)
    {
        if (Phase != LanePhase.Reading || IsAstray || record.Offset < Next) return true;
        var gap = (Next, record.Offset);
        if (record.Offset > Next && !gapsAreUsual && gap != _gapSeen)
        {
            (_gapSeen, IsAstray) = (gap, true);
            return false;
        }
        Next = record.Offset + 1;
        _collected.Enqueue((record, now));
        CollectedBytes += record.Bytes;
        return true;
    }

    /// <summary>The log was sent back to <see cref="Next"/>.</summary>
    public void WasSentBack() => IsAstray = false;

    /// <summary>Collects from the stored offset on.</summary>
    public void StartReading()
    {
        Phase = LanePhase.Reading;
        Forget();
        (Next, IsAstray) = (Stored!.NextOffset, false);
    }

    public void Forget()
    {
        _collected.Clear();
        CollectedBytes = 0;
    }

    /// <summary>The first records, within the bounds; at least one.</summary>
    public List<Record> Cut(int recordsMax, long bytesMax)
    {
        var batch = new List<Record>(Math.Min(recordsMax, _collected.Count));
        var bytes = 0L;
        while (batch.Count < recordsMax && _collected.TryPeek(out var next))
        {
            if (batch.Count > 0 && bytes + next.Record.Bytes > bytesMax) break;
            bytes += next.Record.Bytes;
            batch.Add(_collected.Dequeue().Record);
        }
        CollectedBytes -= bytes;
        return batch;
    }

    /// <summary>The records before an offset: a batch whose bounds are given.</summary>
    public List<Record> CutBefore(long end)
    {
        var batch = new List<Record>();
        while (_collected.TryPeek(out var next) && next.Record.Offset < end)
        {
            batch.Add(_collected.Dequeue().Record);
            CollectedBytes -= batch[^1].Bytes;
        }
        return batch;
    }

    private (long Next, long Found) _gapSeen = (-1, -1);
}

/// <summary>A batch that is with the handler.</summary>
internal sealed record Handling(
    Task<HandOverOutcome> Outcome, CancellationTokenSource Cancellation, long StartedAt);
