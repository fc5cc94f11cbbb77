using System.Text;

namespace Tributary.ClickHouse.Native;

/// <summary>A buffered reader of the Native format's bytes. One reader at a time.</summary>
internal sealed class NativeInput(Stream source)
{
    private readonly byte[] buffer = new byte[256 * 1024];
    private int at;
    private int filled;

    /// <summary>What is there without waiting.</summary>
    public ReadOnlySpan<byte> Ready => buffer.AsSpan(at, filled - at);

    public void Advance(int count) => at += count;

    /// <summary>Waits for more bytes than are ready; false at the end.</summary>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (at == filled)
        {
            (at, filled) = (0, 0);
        }
        else if (filled == buffer.Length)
        {
            buffer.AsSpan(at, filled - at).CopyTo(buffer);
            (at, filled) = (0, filled - at);
        }

        var read = await source.ReadAsync(buffer.AsMemory(filled), cancellationToken);
        filled += read;
        return read > 0;
    }

    public async ValueTask NeedAsync(int count, CancellationToken cancellationToken)
    {
        while (filled - at < count)
        {
            if (!await FillAsync(cancellationToken)) throw Ended();
        }
    }

    /// <summary>True when nothing follows.</summary>
    public async ValueTask<bool> EndedAsync(CancellationToken cancellationToken) =>
        at == filled && !await FillAsync(cancellationToken);

    public async ValueTask<ulong> UInt64Async(CancellationToken cancellationToken)
    {
        await NeedAsync(sizeof(ulong), cancellationToken);
        var value = System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(Ready);
        at += sizeof(ulong);
        return value;
    }

    public async ValueTask<int> LengthAsync(CancellationToken cancellationToken)
    {
        int value;
        while (!VarInt.TryRead(Ready, out value, out var length) || (at += length) < 0)
        {
            if (!await FillAsync(cancellationToken)) throw Ended();
        }

        return value;
    }

    public async ValueTask<string> TextAsync(CancellationToken cancellationToken)
    {
        var length = await LengthAsync(cancellationToken);
        await NeedAsync(length, cancellationToken);
        var text = Encoding.UTF8.GetString(buffer, at, length);
        at += length;
        return text;
    }

    public async ValueTask BytesAsync(byte[] target, int start, int count, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            if (at == filled && !await FillAsync(cancellationToken)) throw Ended();
            var taken = Math.Min(count, filled - at);
            buffer.AsSpan(at, taken).CopyTo(target.AsSpan(start));
            (at, start, count) = (at + taken, start + taken, count - taken);
        }
    }

    private static EndOfStreamException Ended() => new("The result ended within a block.");
}
