namespace Tributary.EmbeddedKafka.Storage;

/// <summary>What is done to a log beside appends and reads: flushes, checkpoints, retention.</summary>
internal sealed partial class PartitionLog
{
    private const long CheckpointBytes = 64L * 1024 * 1024;

    /// <summary>Waits until everything before an offset is on the disk. Waiters share one flush.</summary>
    public async ValueTask<bool> WhenOnDiskAsync(long offset)
    {
        if (HighWatermark > offset) return true;

        await flushTurn.WaitAsync();
        try
        {
            return HighWatermark > offset || await Task.Run(TryFlush);
        }
        finally
        {
            flushTurn.Release();
        }
    }

    /// <summary>
    /// Brings what was appended to the disk and, where it is due, notes that it need not be read again.
    /// </summary>
    public bool TryFlush()
    {
        Volatile.Write(ref dirty, 0);
        try
        {
            if (Volatile.Read(ref bytesSinceCheckpoint) >= CheckpointBytes) WriteCheckpoint();
            else Flush();
            return true;
        }
        catch (Exception broken) when (broken is IOException or ObjectDisposedException)
        {
            FlushFailed(surroundings.Logger, folder, broken);
            return false;
        }
    }

    /// <summary>
    /// Whether segments were closed since they were last on the disk: those are flushed under any policy.
    /// </summary>
    public bool HasClosedSegments
    {
        get
        {
            lock (writing) return unflushed.Count > 0;
        }
    }

    /// <summary>Not flushed by policy: the next append asks anew.</summary>
    public void LeaveToSystem() => Volatile.Write(ref dirty, 0);

    public void WriteCheckpoint()
    {
        Checkpoint checkpoint;
        lock (writing)
        {
            checkpoint = new Checkpoint(
                StartOffset, nextOffset, Active.BaseOffset, Active.Size, [.. producers.All.Select(Copy)]);
            bytesSinceCheckpoint = 0;
        }

        Flush();
        checkpoint.Write(folder);
    }

    /// <summary>Moves the log's start, durably, and removes the segments before it.</summary>
    public long DeleteRecordsBefore(long offset)
    {
        lock (writing) Volatile.Write(ref startOffset, Math.Max(StartOffset, offset));
        WriteCheckpoint();
        RemoveSegments(_ => false);
        return StartOffset;
    }

    /// <summary>Closes the active segment where its time has come though nothing is appended.</summary>
    public void RollWhenOld()
    {
        lock (writing)
        {
            if (!closed) RollIfFull(bytes: 0);
        }
    }

    /// <summary>Removes segments that are too old or too much, and forgets producers long unseen.</summary>
    public void Retain()
    {
        var now = Now;
        lock (writing)
        {
            if (closed) return;
            producers.Expire(now - (long)surroundings.ProducerAgeMax.TotalMilliseconds, surroundings.ProducersMax);
        }

        if (!Settings.Delete) return;
        if (Settings.RetentionMs >= 0)
        {
            lock (writing)
            {
                if (!closed && Active.Size > 0 && IsExpired(Active, now)) Roll();
            }

            RemoveSegments(segment => IsExpired(segment, now));
        }

        if (Settings.RetentionBytes < 0) return;
        var excess = Size - Settings.RetentionBytes;
        RemoveSegments(segment =>
        {
            if (excess < segment.Size) return false;
            excess -= segment.Size;
            return true;
        });
    }

    /// <summary>Puts a cleaned file in the place of a closed segment.</summary>
    public void ReplaceSegment(Segment old, string cleaned)
    {
        lock (flushing)
        {
            lock (writing)
            {
                var index = Array.IndexOf(segments, old);
                if (closed || index < 0)
                {
                    File.Delete(cleaned);
                    return;
                }

                File.Delete(old.IndexPath);
                File.Move(cleaned, old.Path, overwrite: true);
                var fresh = Recovery.Reindex(folder, old.BaseOffset, surroundings.Time);
                unflushed.Remove(old);
                lock (tip) segments = [.. segments[..index], fresh, .. segments[(index + 1)..]];
                old.Release();
            }
        }
    }

    /// <summary>Records without a time are as old as their file.</summary>
    private bool IsExpired(Segment segment, long now)
    {
        var newest = segment.MaxTimestamp >= 0 ? segment.MaxTimestamp : segment.CreatedAt.ToUnixTimeMilliseconds();
        return newest < now - Settings.RetentionMs;
    }

    private void RemoveSegments(Func<Segment, bool> unwanted)
    {
        lock (flushing)
        {
            lock (writing)
            {
                if (closed) return;
                var kept = 0;
                while (kept < segments.Length - 1
                       && (segments[kept + 1].BaseOffset <= StartOffset || unwanted(segments[kept])))
                    kept++;
                if (kept == 0) return;

                var removed = segments[..kept];
                lock (tip)
                {
                    segments = segments[kept..];
                    Volatile.Write(ref startOffset, Math.Max(StartOffset, segments[0].BaseOffset));
                }

                foreach (var segment in removed)
                {
                    unflushed.Remove(segment);
                    segment.Delete();
                }
            }
        }
    }

    private void Flush()
    {
        lock (flushing)
        {
            Segment[] pending;
            Segment active;
            long offset, bytes;
            lock (writing)
            {
                pending = [.. unflushed];
                (active, offset, bytes) = (Active, nextOffset, Active.Size);
            }

            foreach (var segment in pending) segment.Flush();
            active.Flush();
            lock (writing) unflushed.RemoveAll(pending.Contains);
            if (surroundings.Fsync != FsyncPolicy.Always || offset <= HighWatermark) return;
            lock (tip)
            {
                Volatile.Write(ref readableTo, offset);
                readableBytes = active == Active ? bytes : 0;
            }
        }

        if (surroundings.Fsync == FsyncPolicy.Always) Announce(int.MaxValue);
    }

    private static Producer Copy(Producer producer)
    {
        var copy = new Producer(producer.Id) { Epoch = producer.Epoch, SeenAt = producer.SeenAt };
        copy.Batches.AddRange(producer.Batches);
        return copy;
    }
}
