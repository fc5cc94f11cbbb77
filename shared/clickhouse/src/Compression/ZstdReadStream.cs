using System.Buffers;

namespace Tributary.ClickHouse.Compression;

/// <summary>Reads what a zstd stream holds. Read by one thread at a time.</summary>
public sealed class ZstdReadStream(Stream source) : OneWayStream
{
    private readonly nint context = Zstd.ZSTD_createDStream();
    private readonly byte[] packed = ArrayPool<byte>.Shared.Rent(64 * 1024);
    private int at;
    private int filled;
    private bool midFrame;
    private bool disposed;

    public override bool CanRead => true;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var read = Unpack(buffer.Span);
            if (read > 0 || buffer.IsEmpty) return read;

            at = 0;
            filled = await source.ReadAsync(packed, cancellationToken);
            if (filled > 0) continue;
            if (midFrame) throw new InvalidDataException("A zstd stream ended before its frame did.");
            return 0;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposed)
        {
            disposed = true;
            _ = Zstd.ZSTD_freeDStream(context);
            ArrayPool<byte>.Shared.Return(packed);
        }

        base.Dispose(disposing);
    }

    private unsafe int Unpack(Span<byte> buffer)
    {
        fixed (byte* to = buffer, from = packed)
        {
            var output = new Zstd.Buffer { Start = (nint)to, Size = (nuint)buffer.Length };
            var input = new Zstd.Buffer { Start = (nint)from, Size = (nuint)filled, Position = (nuint)at };
            var left = midFrame || input.Position < input.Size
                ? Zstd.ZSTD_decompressStream(context, ref output, ref input)
                : 0;
            Zstd.Check(left);
            midFrame = left != 0;
            at = (int)input.Position;
            return (int)output.Position;
        }
    }
}
