using Microsoft.Extensions.Logging;
using Tributary.EmbeddedKafka.Topics;
using Tributary.EmbeddedKafka.Wire;

namespace Tributary.EmbeddedKafka.Storage;

/// <summary>What became of an append: an error of the protocol, or where the batch lies now.</summary>
internal readonly record struct Appended(short Error, long BaseOffset, long AppendTime, string? Reason)
{
    public static Appended At(long offset, long appendTime = -1) => new(ErrorCode.None, offset, appendTime, null);
    public static Appended Refused(short error, string reason) => new(error, -1, -1, reason);
}

/// <summary>What a read found: records in a segment that was acquired for them, or an error of the protocol.</summary>
internal readonly record struct Found(short Error, Records Records);

/// <summary>
/// The log of one partition: one append path under one lock, any number of readers beside it. A batch that
/// <see cref="Append"/> answered for is in the file.
/// </summary>
internal sealed partial class PartitionLog : IDisposable
{
    public const int LeaderEpoch = 0;

    private readonly string folder;
    private readonly LogSurroundings surroundings;
    private readonly Lock writing = new();
    private readonly Lock tip = new();
    private readonly Lock flushing = new();
    private readonly Lock waiting = new();
    private readonly SemaphoreSlim flushTurn = new(1, 1);
    private readonly List<FetchWait> waits = [];
    private readonly List<Segment> unflushed = [];
    private readonly Producers producers;

    private Segment[] segments;
    private long nextOffset;
    private long readableTo;
    private long readableBytes;
    private long startOffset;
    private long bytesSinceCheckpoint;
    private bool closed;
    private bool failing;
    private int dirty;

    private PartitionLog(string folder, RecoveredLog recovered, TopicSettings settings, LogSurroundings surroundings)
    {
        this.folder = folder;
        this.surroundings = surroundings;
        Settings = settings;
        segments = recovered.Segments;
        producers = recovered.Producers;
        startOffset = recovered.StartOffset;
        nextOffset = readableTo = recovered.NextOffset;
        readableBytes = Active.Size;
    }

    /// <summary>Replaced as a whole when the topic's settings are altered.</summary>
    public TopicSettings Settings { get; set; }

    public long StartOffset => Volatile.Read(ref startOffset);

    /// <summary>The end of what consumers may see; under the policy "always" that is what is on the disk.</summary>
    public long HighWatermark => Volatile.Read(ref readableTo);

    public string Folder => folder;

    /// <summary>Up to where keys were compacted since the start; noted by the compaction.</summary>
    public long CompactedTo { get; set; }

    public long Size => segments.Sum(segment => segment.Size);

    private Segment Active => segments[^1];
    private long Now => surroundings.Time.GetUtcNow().ToUnixTimeMilliseconds();

    public static PartitionLog Open(string folder, TopicSettings settings, LogSurroundings surroundings)
    {
        Directory.CreateDirectory(folder);
        return new PartitionLog(folder, new Recovery(folder, surroundings).Run(), settings, surroundings);
    }

    /// <summary>Appends the one batch of a produce request; its bytes are stamped where they lie.</summary>
    public Appended Append(ReadOnlyMemory<byte> records)
    {
        var now = Now;
        if (Admission.Refuse(records, Settings, now) is { } refusal) return refusal;

        var bytes = Batch.Writable(records);
        var batch = new Batch(bytes);
        lock (writing)
        {
            if (closed) return Appended.Refused(ErrorCode.UnknownTopicOrPartition, "the topic was deleted");
            if (batch.ProducerId != Batch.NoProducer && CheckSequence(batch) is { } verdict) return verdict;
            try
            {
                var appended = Write(bytes, now);
                failing = false;
                return appended;
            }
            catch (IOException broken)
            {
                // Once: clients try again and again, and the log's disk may be the full one.
                if (!failing) AppendFailed(surroundings.Logger, folder, broken.Message);
                failing = true;
                return Appended.Refused(ErrorCode.StorageError, "the batch could not be written");
            }
        }
    }

    /// <summary>
    /// Finds whole batches from an offset on; the first one even where it is larger than what was asked.
    /// </summary>
    public Found Read(long offset, int bytesMax, bool atLeastOne)
    {
        Segment[] seen;
        long end, endBytes;
        lock (tip) (seen, end, endBytes) = (segments, readableTo, readableBytes);
        if (offset < StartOffset || offset > end) return new Found(ErrorCode.OffsetOutOfRange, default);
        if (offset == end || bytesMax <= 0 && !atLeastOne) return default;

        for (var index = SegmentOf(seen, offset); index < seen.Length; index++)
        {
            var segment = seen[index];
            if (!segment.TryAcquire()) return closed ? default : Read(offset, bytesMax, atLeastOne); // Just replaced.

            var limit = index == seen.Length - 1 ? endBytes : segment.Size;
            var (position, batchBytes) = segment.Locate(offset, limit);
            var length = Whole(segment, position, batchBytes, limit, bytesMax, atLeastOne);
            if (length > 0) return new Found(ErrorCode.None, new Records(segment, position, length));
            segment.Release();
            if (batchBytes > 0) break;
        }

        return default;
    }

    /// <summary>Is told of every append from now on until it is removed.</summary>
    public void Add(FetchWait wait)
    {
        lock (waiting) waits.Add(wait);
    }

    public void Remove(FetchWait wait)
    {
        lock (waiting) waits.Remove(wait);
    }

    /// <summary>Segments in order, for look-ups by time and for maintenance. Acquire before use.</summary>
    public (Segment[] Segments, long End, long EndBytes) Snapshot()
    {
        lock (tip) return (segments, readableTo, readableBytes);
    }

    public void Dispose()
    {
        lock (writing)
        {
            if (closed) return;
            closed = true;
        }

        try
        {
            WriteCheckpoint();
        }
        catch (IOException broken)
        {
            FlushFailed(surroundings.Logger, folder, broken);
        }

        ReleaseAll();
    }

    /// <summary>Ends the log without keeping anything: its folder is about to be removed.</summary>
    public void Abandon()
    {
        lock (writing) closed = true;
        ReleaseAll();
    }

    private void ReleaseAll()
    {
        lock (flushing)
        {
            foreach (var segment in segments) segment.Release();
        }

        Announce(int.MaxValue);
    }

    private Appended? CheckSequence(Batch batch) => producers.Check(batch, out var duplicate) switch
    {
        SequenceCheck.Next => null,
        SequenceCheck.Duplicate => Appended.At(
            duplicate.FirstOffset, Settings.LogAppendTime ? duplicate.Timestamp : -1),
        SequenceCheck.StaleEpoch => Appended.Refused(ErrorCode.InvalidProducerEpoch, "the producer's epoch is stale"),
        _ => Appended.Refused(ErrorCode.OutOfOrderSequenceNumber, "the batch does not follow the producer's last one"),
    };

    private Appended Write(Span<byte> bytes, long now)
    {
        RollIfFull(bytes.Length);
        var offset = nextOffset;
        Batch.Place(bytes, offset, LeaderEpoch);
        if (Settings.LogAppendTime) Batch.StampAppendTime(bytes, now);
        var batch = new Batch(bytes);
        Active.Append(bytes);
        producers.Note(batch, offset, now);
        nextOffset = offset + batch.LastOffsetDelta + 1;
        bytesSinceCheckpoint += bytes.Length;
        if (surroundings.Fsync != FsyncPolicy.Always) Publish(nextOffset, Active.Size, bytes.Length);
        if (Interlocked.Exchange(ref dirty, 1) == 0) surroundings.Dirty.Enqueue(this);
        return Appended.At(offset, Settings.LogAppendTime ? now : -1);
    }

    private void RollIfFull(int bytes)
    {
        var active = Active;
        if (active.Size == 0) return;
        var full = active.Size + bytes > Settings.SegmentBytes;
        var old = surroundings.Time.GetUtcNow() - active.CreatedAt > Settings.SegmentAge;
        if (full || old || nextOffset - active.BaseOffset > int.MaxValue / 2) Roll();
    }

    private void Roll()
    {
        var active = Active;
        var next = Segment.Open(folder, nextOffset, trusted: 0, surroundings.Time);
        active.Close();
        unflushed.Add(active);
        bytesSinceCheckpoint = long.MaxValue / 2;
        lock (tip)
        {
            segments = [.. segments, next];
            if (readableTo == nextOffset) readableBytes = 0;
        }
    }

    private void Publish(long offset, long bytes, long grownBy)
    {
        lock (tip)
        {
            Volatile.Write(ref readableTo, offset);
            readableBytes = bytes;
        }

        Announce(grownBy);
    }

    private void Announce(long grownBy)
    {
        lock (waiting)
        {
            foreach (var wait in waits) wait.Grew(grownBy);
        }
    }

    private static int SegmentOf(Segment[] segments, long offset)
    {
        var (low, high) = (0, segments.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) >>> 1;
            if (segments[middle].BaseOffset <= offset) low = middle;
            else high = middle - 1;
        }

        return low;
    }

    /// <summary>
    /// Cuts a stretch at a batch's start, so that no bytes are sent that the client would throw away.
    /// </summary>
    private static int Whole(Segment segment, long position, int batchBytes, long limit, int bytesMax, bool atLeastOne)
    {
        if (batchBytes == 0) return 0;
        if (batchBytes > bytesMax) return atLeastOne ? batchBytes : 0;
        if (limit - position <= bytesMax) return (int)(limit - position);

        var cut = segment.FloorPosition(position + bytesMax);
        return cut > position ? (int)(cut - position) : bytesMax;
    }

    [LoggerMessage(LogLevel.Error, "Appends to {Folder} fail and are undone until one succeeds: {Reason}")]
    private static partial void AppendFailed(ILogger logger, string folder, string reason);

    [LoggerMessage(LogLevel.Error, "{Folder} could not be written to the disk")]
    private static partial void FlushFailed(ILogger logger, string folder, Exception exception);
}
