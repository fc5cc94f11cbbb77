using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Tributary.EmbeddedKafka.Storage;

/// <summary>
/// Where batches start in a segment, one entry at least every <see cref="IntervalBytes"/>, each with the highest
/// timestamp up to and with its batch: by offset and by time in one file. Entries are appended by the writer of the
/// partition and looked up by any thread.
/// </summary>
internal sealed class SparseIndex(string path) : IDisposable
{
    public const int IntervalBytes = 16 * 1024;
    private const int EntryBytes = 16;
    private const int PendingMax = 256;

    private readonly SafeFileHandle file = File.OpenHandle(
        path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
    private readonly Entry[] pending = new Entry[PendingMax];
    private readonly Lock gate = new();
    private int pendingCount;
    private int writtenCount;

    internal readonly record struct Entry(int RelativeOffset, int Position, long MaxTimestamp);

    public int Count
    {
        get
        {
            lock (gate) return writtenCount + pendingCount;
        }
    }

    public Entry? Last
    {
        get
        {
            lock (gate) return Count == 0 ? null : At(Count - 1);
        }
    }

    /// <summary>Keeps what lies before a position and drops the rest, as a log does that is cut or read anew.</summary>
    public void Restore(long positionEnd)
    {
        lock (gate)
        {
            pendingCount = 0;
            writtenCount = (int)(RandomAccess.GetLength(file) / EntryBytes);
            writtenCount = FirstFrom(entry => entry.Position >= positionEnd);
            RandomAccess.SetLength(file, (long)writtenCount * EntryBytes);
        }
    }

    public void Add(Entry entry)
    {
        lock (gate)
        {
            if (pendingCount == PendingMax) WritePending();
            pending[pendingCount++] = entry;
        }
    }

    /// <summary>The last entry at or before an offset; the segment's start where there is none.</summary>
    public Entry FloorOffset(int relativeOffset)
    {
        lock (gate)
        {
            var index = FirstFrom(entry => entry.RelativeOffset > relativeOffset) - 1;
            return index < 0 ? new Entry(0, 0, long.MinValue) : At(index);
        }
    }

    /// <summary>The start of the last indexed batch at or before a position.</summary>
    public long FloorPosition(long position)
    {
        lock (gate)
        {
            var index = FirstFrom(entry => entry.Position > position) - 1;
            return index < 0 ? 0 : At(index).Position;
        }
    }

    /// <summary>From where a walk finds the first batch whose time reaches a timestamp.</summary>
    public long FloorTimestamp(long timestamp)
    {
        lock (gate)
        {
            var index = FirstFrom(entry => entry.MaxTimestamp >= timestamp) - 1;
            return index < 0 ? 0 : At(index).Position;
        }
    }

    /// <summary>Hands all entries to the operating system.</summary>
    public void Write()
    {
        lock (gate) WritePending();
    }

    public void Dispose() => file.Dispose();

    private int FirstFrom(Func<Entry, bool> reached)
    {
        var (low, high) = (0, writtenCount + pendingCount);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (reached(At(middle))) high = middle;
            else low = middle + 1;
        }

        return low;
    }

    private Entry At(int index)
    {
        if (index >= writtenCount) return pending[index - writtenCount];

        Span<byte> bytes = stackalloc byte[EntryBytes];
        RandomAccess.Read(file, bytes, (long)index * EntryBytes);
        return new Entry(
            BinaryPrimitives.ReadInt32BigEndian(bytes),
            BinaryPrimitives.ReadInt32BigEndian(bytes[4..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[8..]));
    }

    private void WritePending()
    {
        Span<byte> bytes = stackalloc byte[pendingCount * EntryBytes];
        for (var index = 0; index < pendingCount; index++)
        {
            var into = bytes[(index * EntryBytes)..];
            BinaryPrimitives.WriteInt32BigEndian(into, pending[index].RelativeOffset);
            BinaryPrimitives.WriteInt32BigEndian(into[4..], pending[index].Position);
            BinaryPrimitives.WriteInt64BigEndian(into[8..], pending[index].MaxTimestamp);
        }

        RandomAccess.Write(file, bytes, (long)writtenCount * EntryBytes);
        writtenCount += pendingCount;
        pendingCount = 0;
    }
}
