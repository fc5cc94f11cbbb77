namespace Tributary.EmbeddedKafka.Storage;

internal sealed record TimedOffset(long Offset, long Timestamp);

/// <summary>Finds offsets by time: the index leads to the batch, and the one batch is opened.</summary>
internal static class TimeLookup
{
    /// <summary>The first record at or after a time.</summary>
    public static TimedOffset? FirstFrom(PartitionLog log, long timestamp)
    {
        var (segments, end, endBytes) = log.Snapshot();
        foreach (var segment in segments)
        {
            if (segment.MaxTimestamp < timestamp || !segment.TryAcquire()) continue;
            try
            {
                foreach (
                    var place in segment.WalkFromTimestamp(
                    timestamp, segment == segments[^1] ? endBytes : segment.Size))
                {
                    if (place.MaxTimestamp < timestamp || place.LastOffset < log.StartOffset
                        || place.BaseOffset >= end) continue;
                    if (InBatch(
                        segment, place, record => record.Timestamp >= timestamp
                        && record.Offset >= log.StartOffset) is { } found)
                        return found;
                }
            }
            finally
            {
                segment.Release();
            }
        }

        return null;
    }

    /// <summary>The record with the highest time; of several the first.</summary>
    public static TimedOffset? OfMaxTimestamp(PartitionLog log)
    {
        var (segments, end, _) = log.Snapshot();
        if (end == log.StartOffset) return null;
        var highest = segments.Where(segment => segment.Size > 0).Max(segment => (long?)segment.MaxTimestamp);
        return highest is >= 0 ? FirstFrom(log, highest.Value) : null;
    }

    private static TimedOffset? InBatch(Segment segment, BatchPlace place, Func<RecordPlace, bool> wanted)
    {
        var bytes = new byte[place.Bytes];
        segment.Read(bytes, place.Position);
        var batch = new Batch(bytes);
        if (batch.HasLogAppendTime) return new TimedOffset(place.BaseOffset, place.MaxTimestamp);
        if (BatchRecords.Open(bytes) is not { } opened) return new TimedOffset(place.BaseOffset, place.MaxTimestamp);
        foreach (var record in opened.Records)
        {
            if (wanted(record)) return new TimedOffset(record.Offset, record.Timestamp);
        }

        return null;
    }
}
