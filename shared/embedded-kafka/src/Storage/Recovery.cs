using System.Buffers;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Tributary.EmbeddedKafka.Storage;

internal sealed record RecoveredLog(Segment[] Segments, Producers Producers, long StartOffset, long NextOffset);

/// <summary>
/// Opens a partition's files after any kind of stop. What the checkpoint vouches for is taken as it is; what follows is
/// read, checked and indexed, and a tail that is no whole batch is cut off.
/// </summary>
internal sealed partial class Recovery(string folder, LogSurroundings surroundings)
{
    private const int BlockBytes = 1024 * 1024;

    private readonly Producers producers = new();
    private long nextOffset;

    public RecoveredLog Run()
    {
        foreach (var leftover in Directory.EnumerateFiles(folder, "*.cleaned")) File.Delete(leftover);
        var bases = Directory.EnumerateFiles(folder, "*.log")
            .Select(path => long.Parse(Path.GetFileNameWithoutExtension(path), CultureInfo.InvariantCulture))
            .Order()
            .ToList();
        var checkpoint = Usable(Checkpoint.Read(folder), bases);
        foreach (var producer in checkpoint.Producers) producers.Restore(producer);
        nextOffset = checkpoint.Offset;

        var segments = new List<Segment>();
        foreach (var baseOffset in bases)
        {
            if (baseOffset < checkpoint.SegmentBase)
                segments.Add(OpenTrusted(baseOffset));
            else if (
                !OpenChecked(baseOffset, baseOffset == checkpoint.SegmentBase ? checkpoint.SegmentBytes : 0, segments))
                break;
        }

        if (segments.Count == 0)
            segments.Add(
                Segment.Open(folder, Math.Max(nextOffset, checkpoint.LogStart), trusted: 0, surroundings.Time));
        nextOffset = Math.Max(nextOffset, segments[^1].BaseOffset);
        var start = Math.Max(checkpoint.LogStart, segments[0].BaseOffset);
        return new RecoveredLog([.. segments], producers, start, nextOffset);
    }

    /// <summary>Opens a whole segment whose index is to be made from its batches.</summary>
    public static Segment Reindex(string folder, long baseOffset, TimeProvider time)
    {
        var segment = Segment.Open(folder, baseOffset, trusted: 0, time);
        segment.CompleteIndex(segment.Size);
        segment.Close();
        return segment;
    }

    /// <summary>A checkpoint that names what is not there vouches for nothing but the log's start.</summary>
    private Checkpoint Usable(Checkpoint checkpoint, List<long> bases)
    {
        var path = Path.Combine(folder, Segment.FileName(checkpoint.SegmentBase));
        var there = bases.Contains(checkpoint.SegmentBase) && new FileInfo(path).Length >= checkpoint.SegmentBytes;
        return there ? checkpoint : Checkpoint.Empty with { LogStart = checkpoint.LogStart };
    }

    private Segment OpenTrusted(long baseOffset)
    {
        var indexed = File.Exists(Path.ChangeExtension(Path.Combine(folder, Segment.FileName(baseOffset)), ".index"));
        return indexed
            ? Segment.Open(folder, baseOffset, trusted: long.MaxValue, surroundings.Time)
            : Reindex(folder, baseOffset, surroundings.Time);
    }

    /// <summary>Reads a segment from where it is not vouched for. False: it ended early, so none can follow.</summary>
    private bool OpenChecked(long baseOffset, long trusted, List<Segment> segments)
    {
        var segment = Segment.Open(folder, baseOffset, trusted, surroundings.Time);
        segment.CompleteIndex(trusted);
        var whole = Check(segment, trusted);
        segments.Add(segment);
        if (whole == segment.Size) return true;

        TailCut(surroundings.Logger, segment.Path, segment.Size - whole, nextOffset);
        segment.Truncate(whole);
        foreach (var later in Directory.EnumerateFiles(folder, "*.log").Where(path => IsAfter(path, baseOffset)))
            File.Delete(later);
        return false;
    }

    private static bool IsAfter(string path, long baseOffset) =>
        long.Parse(Path.GetFileNameWithoutExtension(path), CultureInfo.InvariantCulture) > baseOffset;

    /// <summary>Checks batches one after the other and returns where the last whole one ends.</summary>
    private long Check(Segment segment, long position)
    {
        var now = surroundings.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        var (at, length) = (position, 0);
        while (position < segment.Size)
        {
            var batch = new Batch(block.AsSpan((int)(position - at), (int)(at + length - position)));
            var needed = at + length - position < Batch.HeaderBytes ? Batch.HeaderBytes : batch.Size;
            if (needed < Batch.HeaderBytes || needed > segment.Size - position) break;
            if (needed > at + length - position)
            {
                if (needed > block.Length)
                {
                    ArrayPool<byte>.Shared.Return(block);
                    block = ArrayPool<byte>.Shared.Rent(needed);
                }

                (at, length) = (position, segment.Read(block, position));
                continue;
            }

            if (!batch.IsIntact || batch.BaseOffset < nextOffset || batch.LastOffsetDelta < 0) break;
            segment.Account(batch, position);
            producers.Note(batch, batch.BaseOffset, now);
            nextOffset = batch.LastOffset + 1;
            position += batch.Size;
        }

        ArrayPool<byte>.Shared.Return(block);
        return position;
    }

    [LoggerMessage(LogLevel.Warning,
        "{Path} ended in {Bytes} bytes that are no whole batch: they were cut off, the log goes on at offset {Offset}")]
    private static partial void TailCut(ILogger logger, string path, long bytes, long offset);
}
