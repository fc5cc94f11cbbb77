using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Tributary.EmbeddedKafka.Storage;

/// <summary>
/// Compacts a log: of each key the last record stays, and records keep their offsets. Only closed segments are written
/// anew, one at a time and in place by a rename, so that a stop at any moment leaves the old file or the new one.
/// A delete marker stays for the topic's time after its own.
/// </summary>
internal sealed partial class Compaction(LogSurroundings surroundings)
{
    public void Run(PartitionLog log, CancellationToken cancellationToken)
    {
        var now = surroundings.Time.GetUtcNow().ToUnixTimeMilliseconds();
        log.RollWhenOld();
        var (segments, _, _) = log.Snapshot();
        var closed = segments[..^1]
            .TakeWhile(segment => segment.MaxTimestamp <= now - log.Settings.CompactionLagMin)
            .ToList();
        var dirty = closed.Where(segment => segment.BaseOffset >= log.CompactedTo).Sum(segment => segment.Size);
        var total = closed.Sum(segment => segment.Size);
        if (dirty == 0 || dirty < total * log.Settings.DirtyRatioMin) return;

        var latest = LastOffsets(segments, cancellationToken);
        var kept = 0L;
        foreach (var segment in closed)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (segment.TryAcquire()) kept += Clean(log, segment, latest, now);
        }

        log.CompactedTo = segments[^1].BaseOffset;
        Compacted(surroundings.Logger, log.Folder, total, kept);
    }

    /// <summary>The last offset of each key, under a hash of 128 bits, over all of the log.</summary>
    private static Dictionary<UInt128, long> LastOffsets(Segment[] segments, CancellationToken cancellationToken)
    {
        var latest = new Dictionary<UInt128, long>();
        foreach (var segment in segments)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!segment.TryAcquire()) continue;
            foreach (var place in segment.Walk(0, segment.Size))
            {
                if (BatchRecords.Open(Bytes(segment, place)) is not { } opened) continue;
                foreach (var record in opened.Records)
                {
                    if (record.Key is { } key) latest[Hash(key.Span)] = record.Offset;
                }
            }

            segment.Release();
        }

        return latest;
    }

    private static long Clean(PartitionLog log, Segment segment, Dictionary<UInt128, long> latest, long now)
    {
        var path = segment.Path + ".cleaned";
        var written = 0L;
        try
        {
            using (var cleaned = File.OpenHandle(path, FileMode.Create, FileAccess.Write))
            {
                foreach (var place in segment.Walk(0, segment.Size))
                    written += CleanBatch(
                        cleaned, written, Bytes(segment, place), latest, log.Settings.DeleteRetentionMs, now);
                RandomAccess.FlushToDisk(cleaned);
            }

            if (written < segment.Size) log.ReplaceSegment(segment, path);
            else File.Delete(path);
        }
        finally
        {
            segment.Release();
        }

        return written;
    }

    private static int CleanBatch(
        SafeFileHandle cleaned, long at, byte[] bytes, Dictionary<UInt128, long> latest, long tombstonesKept, long now)
    {
        var batch = new Batch(bytes);
        if (BatchRecords.Open(bytes) is not { } opened)
        {
            RandomAccess.Write(cleaned, bytes, at);
            return bytes.Length;
        }

        var (records, payload) = opened;
        var kept = records
            .Where(record => record.Key is not { } key || latest.GetValueOrDefault(Hash(key.Span)) <= record.Offset)
            .Where(record => record.HasValue || record.Key is null || now - record.Timestamp < tombstonesKept)
            .ToList();
        if (kept.Count == records.Count)
        {
            RandomAccess.Write(cleaned, bytes, at);
            return bytes.Length;
        }

        if (kept.Count == 0) return 0;
        var length = Batch.HeaderBytes + kept.Sum(record => record.Length);
        var fresh = ArrayPool<byte>.Shared.Rent(length);
        var into = Batch.HeaderBytes;
        foreach (var record in kept)
        {
            payload.Span.Slice(record.Start, record.Length).CopyTo(fresh.AsSpan(into));
            into += record.Length;
        }

        Batch.Rewrite(fresh.AsSpan(0, length), batch, kept.Count, kept.Max(record => record.Timestamp));
        RandomAccess.Write(cleaned, fresh.AsSpan(0, length), at);
        ArrayPool<byte>.Shared.Return(fresh);
        return length;
    }

    private static UInt128 Hash(ReadOnlySpan<byte> key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(key, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    private static byte[] Bytes(Segment segment, BatchPlace place)
    {
        var bytes = new byte[place.Bytes];
        segment.Read(bytes, place.Position);
        return bytes;
    }

    [LoggerMessage(LogLevel.Information, "{Folder} was compacted from {Before} bytes to {After}")]
    private static partial void Compacted(ILogger logger, string folder, long before, long after);
}
