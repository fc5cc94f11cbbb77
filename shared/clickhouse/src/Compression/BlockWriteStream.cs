using System.Buffers;

namespace Tributary.ClickHouse.Compression;

/// <summary>Writes what it is given as ClickHouse's compressed blocks of up to 1 MiB; a flush ends a block.</summary>
public sealed class BlockWriteStream(Stream target) : OneWayStream
{
    private const int BlockLength = 1024 * 1024;
    private readonly byte[] content = ArrayPool<byte>.Shared.Rent(BlockLength);
    private readonly byte[] packed = ArrayPool<byte>.Shared.Rent(CompressedBlock.WrittenMax(BlockLength));
    private int filled;
    private bool disposed;

    public override bool CanWrite => true;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var count = Math.Min(buffer.Length, BlockLength - filled);
            buffer[..count].CopyTo(content.AsMemory(filled));
            filled += count;
            buffer = buffer[count..];
            if (filled == BlockLength) await EndBlockAsync(cancellationToken);
        }
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await EndBlockAsync(cancellationToken);
        await target.FlushAsync(cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposed)
        {
            disposed = true;
            ArrayPool<byte>.Shared.Return(content);
            ArrayPool<byte>.Shared.Return(packed);
        }

        base.Dispose(disposing);
    }

    private async ValueTask EndBlockAsync(CancellationToken cancellationToken)
    {
        if (filled == 0) return;
        var length = CompressedBlock.Write(content.AsSpan(0, filled), packed);
        filled = 0;
        await target.WriteAsync(packed.AsMemory(0, length), cancellationToken);
    }
}
