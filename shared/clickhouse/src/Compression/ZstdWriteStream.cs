using System.Buffers;

namespace Tributary.ClickHouse.Compression;

/// <summary>Compresses what is written with zstd. <see cref="FinishAsync"/> ends the frame.</summary>
public sealed class ZstdWriteStream(Stream target) : OneWayStream
{
    private const int Continue = 0;
    private const int Flushing = 1;
    private const int End = 2;
    private readonly nint context = Zstd.ZSTD_createCStream();
    private readonly byte[] packed = ArrayPool<byte>.Shared.Rent(128 * 1024);
    private bool disposed;

    public override bool CanWrite => true;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var (read, written, _) = Pack(buffer.Span, Continue);
            if (written > 0) await target.WriteAsync(packed.AsMemory(0, written), cancellationToken);
            buffer = buffer[read..];
        }
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await DrainAsync(Flushing, cancellationToken);
        await target.FlushAsync(cancellationToken);
    }

    public Task FinishAsync(CancellationToken cancellationToken) => DrainAsync(End, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (!disposed)
        {
            disposed = true;
            _ = Zstd.ZSTD_freeCStream(context);
            ArrayPool<byte>.Shared.Return(packed);
        }

        base.Dispose(disposing);
    }

    private async Task DrainAsync(int directive, CancellationToken cancellationToken)
    {
        bool more;
        do
        {
            (_, var written, more) = Pack([], directive);
            if (written > 0) await target.WriteAsync(packed.AsMemory(0, written), cancellationToken);
        }
        while (more);
    }

    private unsafe (int Read, int Written, bool More) Pack(ReadOnlySpan<byte> buffer, int directive)
    {
        fixed (byte* from = buffer, to = packed)
        {
            var input = new Zstd.Buffer { Start = (nint)from, Size = (nuint)buffer.Length };
            var output = new Zstd.Buffer { Start = (nint)to, Size = (nuint)packed.Length };
            var left = Zstd.ZSTD_compressStream2(context, ref output, ref input, directive);
            Zstd.Check(left);
            return ((int)input.Position, (int)output.Position, left != 0);
        }
    }
}
