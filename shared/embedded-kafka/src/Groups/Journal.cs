using System.Buffers.Binary;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using Tributary.EmbeddedKafka.Storage;
using Tributary.EmbeddedKafka.Wire;

namespace Tributary.EmbeddedKafka.Groups;

/// <summary>
/// An append-only file of small entries, each with its length and checksum. An entry is in the file when
/// <see cref="AppendAsync"/> returns, and on the disk where the policy says so. When the file has grown to several
/// times what is alive it is written anew. Entries are made under the journal's lock, so a snapshot never misses one.
/// </summary>
internal sealed partial class Journal : IDisposable
{
    private const int EntryHeader = 8;
    private const long RewriteBytesMin = 4 * 1024 * 1024;
    private const int RewriteFactor = 4;

    private readonly string path;
    private readonly LogSurroundings surroundings;
    private readonly Lock gate = new();
    private readonly SemaphoreSlim flushTurn = new(1, 1);
    private readonly WireWriter writer = new();
    private SafeFileHandle file;
    private long size;
    private long flushed;
    private long rewrittenSize;

    public Journal(string path, LogSurroundings surroundings)
    {
        this.path = path;
        this.surroundings = surroundings;
        file = Open(path);
    }

    /// <summary>Hands every whole entry to <paramref name="apply"/> and cuts off a torn end.</summary>
    public void Replay(Action<WireReader> apply)
    {
        var bytes = File.ReadAllBytes(path).AsMemory();
        var reader = new WireReader();
        var position = 0;
        while (bytes.Length - position >= EntryHeader)
        {
            var header = bytes.Span[position..];
            var length = BinaryPrimitives.ReadInt32BigEndian(header);
            if (length < 0 || length > bytes.Length - position - EntryHeader) break;
            var entry = bytes.Slice(position + EntryHeader, length);
            if (Crc32C.Of(entry.Span) != BinaryPrimitives.ReadUInt32BigEndian(header[4..])) break;
            apply(reader.Begin(entry));
            position += EntryHeader + length;
        }

        if (position < bytes.Length)
        {
            TailCut(surroundings.Logger, path, bytes.Length - position);
            RandomAccess.SetLength(file, position);
        }

        size = flushed = position;
        rewrittenSize = position;
    }

    /// <summary>
    /// Appends the entries that <paramref name="entries"/> writes. Throws where the file can't be written.
    /// </summary>
    public ValueTask AppendAsync(IEnumerable<Action<WireWriter>> entries)
    {
        var end = Append(entries);
        return surroundings.Fsync == FsyncPolicy.Always ? FlushToAsync(end) : ValueTask.CompletedTask;
    }

    /// <summary>Appends entries whose loss by a failure of power would do no harm; returns where they end.</summary>
    public long Append(IEnumerable<Action<WireWriter>> entries)
    {
        lock (gate)
        {
            writer.Clear();
            foreach (var entry in entries) Write(writer, entry);
            try
            {
                RandomAccess.Write(file, writer.Written.Span, size);
            }
            catch (IOException)
            {
                RandomAccess.SetLength(file, size);
                throw;
            }

            return size += writer.Written.Length;
        }
    }

    public bool IsLarge => size > RewriteBytesMin && size > rewrittenSize * RewriteFactor;

    /// <summary>Replaces the file by what is alive.</summary>
    public void Rewrite(Func<IEnumerable<Action<WireWriter>>> alive)
    {
        lock (gate)
        {
            using var fresh = new WireWriter();
            foreach (var entry in alive()) Write(fresh, entry);
            Files.Replace(path, fresh.Written.Span);
            file.Dispose();
            file = Open(path);
            size = flushed = rewrittenSize = fresh.Written.Length;
        }
    }

    public void Flush()
    {
        long end;
        SafeFileHandle handle;
        lock (gate) (end, handle) = (size, file);
        if (end == flushed) return;
        RandomAccess.FlushToDisk(handle);
        flushed = end;
    }

    public void Dispose()
    {
        Flush();
        file.Dispose();
        writer.Dispose();
        flushTurn.Dispose();
    }

    private async ValueTask FlushToAsync(long end)
    {
        await flushTurn.WaitAsync();
        try
        {
            if (flushed < end) await Task.Run(Flush);
        }
        finally
        {
            flushTurn.Release();
        }
    }

    private static void Write(WireWriter into, Action<WireWriter> entry)
    {
        var at = into.Written.Length;
        into.Int64(0);
        entry(into);
        var bytes = Batch.Writable(into.Written)[at..];
        BinaryPrimitives.WriteInt32BigEndian(bytes, bytes.Length - EntryHeader);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], Crc32C.Of(bytes[EntryHeader..]));
    }

    private static SafeFileHandle Open(string path) =>
        File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    [LoggerMessage(LogLevel.Warning, "{Path} ended in {Bytes} bytes that are no whole entry; they were cut off")]
    private static partial void TailCut(ILogger logger, string path, int bytes);
}
