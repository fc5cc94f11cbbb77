using System.Buffers;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Tributary.EmbeddedKafka.Storage;

/// <summary>
/// One file of a partition's log with its index. Written by the partition's writer alone; read by any thread that
/// acquired it. The file outlives its deletion for as long as a reader holds it.
/// </summary>
internal sealed class Segment : IDisposable
{
    private readonly SafeFileHandle file;
    private readonly SparseIndex index;
    private readonly Lazy<FileStream> stream;
    private long indexedTo = -SparseIndex.IntervalBytes;
    private long size;
    private int references = 1;
    private bool written;

    private Segment(string path, long baseOffset, TimeProvider time)
    {
        Path = path;
        BaseOffset = baseOffset;
        file = File.OpenHandle(
            path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete,
            FileOptions.Asynchronous); // The socket sends from such files alone.
        index = new SparseIndex(IndexPath);
        stream = new Lazy<FileStream>(() => new FileStream(file, FileAccess.Read, bufferSize: 0, isAsync: true));
        size = RandomAccess.GetLength(file);
        CreatedAt = size == 0 ? time.GetUtcNow() : File.GetLastWriteTimeUtc(path);
    }

    public string Path { get; }
    public string IndexPath => System.IO.Path.ChangeExtension(Path, ".index");
    public long BaseOffset { get; }
    public DateTimeOffset CreatedAt { get; }
    public long Size => Volatile.Read(ref size);
    public long MaxTimestamp { get; private set; } = -1;
    public SafeFileHandle Handle => file;

    /// <summary>What the socket sends from.</summary>
    public FileStream Stream => stream.Value;

    public static string FileName(long baseOffset) => baseOffset.ToString("D20", CultureInfo.InvariantCulture) + ".log";

    /// <summary>Opens a segment whose bytes before <paramref name="trusted"/> need no look.</summary>
    public static Segment Open(string folder, long baseOffset, long trusted, TimeProvider time)
    {
        var segment = new Segment(System.IO.Path.Combine(folder, FileName(baseOffset)), baseOffset, time);
        segment.index.Restore(trusted);
        if (segment.index.Last is { } last)
        {
            segment.MaxTimestamp = last.MaxTimestamp;
            segment.indexedTo = last.Position;
        }

        return segment;
    }

    public bool TryAcquire()
    {
        for (var held = Volatile.Read(ref references); held > 0; held = Volatile.Read(ref references))
        {
            if (Interlocked.CompareExchange(ref references, held + 1, held) == held) return true;
        }

        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref references) == 0) Dispose();
    }

    /// <summary>By the last who releases it.</summary>
    public void Dispose()
    {
        if (stream.IsValueCreated) stream.Value.Dispose();
        file.Dispose();
        index.Dispose();
    }

    /// <summary>Appends one batch. A write that fails half-way leaves the file as it was.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(file, bytes, size);
        }
        catch (Exception full) when (full is IOException or ArgumentOutOfRangeException)
        {
            RandomAccess.SetLength(file, size);
            // The runtime takes a file that may not grow for a wrong argument.
            throw full as IOException ?? new IOException("the file may not grow", full);
        }

        Account(new Batch(bytes), size);
        written = true;
        Volatile.Write(ref size, size + bytes.Length);
    }

    /// <summary>Takes a batch into the index that lies in the file already.</summary>
    public void Account(Batch batch, long position)
    {
        MaxTimestamp = Math.Max(MaxTimestamp, batch.MaxTimestamp);
        if (position - indexedTo < SparseIndex.IntervalBytes) return;
        AddToIndex(batch.BaseOffset, position);
    }

    /// <summary>
    /// Indexes what lies between the index's last entry and a position, as far as it is known to be whole.
    /// </summary>
    public void CompleteIndex(long end)
    {
        Span<byte> header = stackalloc byte[Batch.HeaderBytes];
        foreach (var place in Walk(Math.Max(indexedTo, 0), end))
        {
            Read(header, place.Position);
            Account(new Batch(header), place.Position);
        }
    }

    /// <summary>Ends the index with the segment's highest timestamp: no batch is appended after this.</summary>
    public void Close()
    {
        if (index.Last is { } last && last.MaxTimestamp < MaxTimestamp)
            index.Add(last with { MaxTimestamp = MaxTimestamp });
        index.Write();
    }

    public void Flush()
    {
        if (!written) return;
        index.Write();
        RandomAccess.FlushToDisk(file);
    }

    public void Truncate(long length)
    {
        RandomAccess.SetLength(file, length);
        Volatile.Write(ref size, length);
        index.Restore(length);
    }

    /// <summary>Where the batch lies that holds an offset or is the first after it, and how long it is.</summary>
    public (long Position, int BatchBytes) Locate(long offset, long end)
    {
        var relative = (int)Math.Min(offset - BaseOffset, int.MaxValue);
        foreach (var batch in Walk(index.FloorOffset(relative).Position, end))
        {
            if (batch.LastOffset >= offset) return (batch.Position, batch.Bytes);
        }

        return (end, 0);
    }

    public long FloorPosition(long position) => index.FloorPosition(position);

    /// <summary>
    /// The batches from an indexed position, or from the index's last one before a timestamp is reached.
    /// </summary>
    public IEnumerable<BatchPlace> WalkFromTimestamp(long timestamp, long end) =>
        Walk(index.FloorTimestamp(timestamp), end);

    /// <summary>Reads the headers of the batches between two positions, by blocks.</summary>
    public IEnumerable<BatchPlace> Walk(long position, long end)
    {
        var block = ArrayPool<byte>.Shared.Rent(SparseIndex.IntervalBytes + Batch.HeaderBytes);
        try
        {
            var (blockAt, blockBytes) = (position, 0);
            while (end - position >= Batch.HeaderBytes)
            {
                if (position + Batch.HeaderBytes > blockAt + blockBytes)
                {
                    blockAt = position;
                    blockBytes =
                        RandomAccess.Read(file, block.AsSpan(0, (int)Math.Min(block.Length, end - position)), position);
                    if (blockBytes < Batch.HeaderBytes) yield break;
                }

                if (BatchPlace.Read(block.AsSpan((int)(position - blockAt)), position) is not { } place) yield break;
                if (place.Position + place.Bytes > end) yield break;
                yield return place;
                position += place.Bytes;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    public int Read(Span<byte> into, long position) => RandomAccess.Read(file, into, position);

    public void Delete()
    {
        File.Delete(Path);
        File.Delete(IndexPath);
        Release();
    }

    private void AddToIndex(long offset, long position)
    {
        indexedTo = position;
        index.Add(new SparseIndex.Entry((int)(offset - BaseOffset), (int)position, MaxTimestamp));
    }
}

/// <summary>A batch in a segment's file: what its header says that readers look for.</summary>
internal readonly record struct BatchPlace(
    long Position, int Bytes, long BaseOffset, long LastOffset, long MaxTimestamp)
{
    public static BatchPlace? Read(ReadOnlySpan<byte> bytes, long position)
    {
        var batch = new Batch(bytes);
        return batch.LooksRight
            ? new BatchPlace(position, batch.Size, batch.BaseOffset, batch.LastOffset, batch.MaxTimestamp)
            : null;
    }
}
