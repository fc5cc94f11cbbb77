using System.Buffers;

namespace Tributary.ClickHouse.Compression;

/// <summary>Reads a stream of ClickHouse's compressed blocks; a checksum that does not match throws.</summary>
public sealed class BlockReadStream(Stream source) : OneWayStream
{
    private byte[] packed = ArrayPool<byte>.Shared.Rent(64 * 1024);
    private byte[] content = ArrayPool<byte>.Shared.Rent(1024 * 1024);
    private int at;
    private int filled;
    private bool disposed;

    public override bool CanRead => true;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (at == filled)
        {
            if (!await NextAsync(cancellationToken)) return 0;
        }

        var count = Math.Min(buffer.Length, filled - at);
        content.AsMemory(at, count).CopyTo(buffer);
        at += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposed)
        {
            disposed = true;
            ArrayPool<byte>.Shared.Return(packed);
            ArrayPool<byte>.Shared.Return(content);
        }

        base.Dispose(disposing);
    }

    private async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        const int Head = CompressedBlock.ChecksumLength + CompressedBlock.HeaderLength;
        var head = await source.ReadAtLeastAsync(packed.AsMemory(0, Head), Head, throwOnEndOfStream: false,
            cancellationToken);
        if (head == 0) return false;
        if (head < Head) throw new EndOfStreamException("A compressed block ended within its header.");

        var (length, unpacked) = CompressedBlock.Lengths(packed);
        var whole = CompressedBlock.ChecksumLength + length;
        packed = Grow(packed, whole, keep: Head);
        await source.ReadExactlyAsync(packed.AsMemory(Head, whole - Head), cancellationToken);
        content = Grow(content, unpacked, keep: 0);
        CompressedBlock.Read(packed.AsSpan(0, whole), content.AsSpan(0, unpacked));
        (at, filled) = (0, unpacked);
        return true;
    }

    private static byte[] Grow(byte[] buffer, int length, int keep)
    {
        if (buffer.Length >= length) return buffer;
        var larger = ArrayPool<byte>.Shared.Rent(length);
        buffer.AsSpan(0, keep).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
