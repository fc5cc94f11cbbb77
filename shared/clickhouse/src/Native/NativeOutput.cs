using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Tributary.ClickHouse.Native;

/// <summary>The bytes of a block on their way out; grows to a block's size once and is used again.</summary>
internal sealed class NativeOutput
{
    private byte[] buffer = new byte[64 * 1024];
    private int filled;

    public ReadOnlyMemory<byte> Written => buffer.AsMemory(0, filled);

    public void Clear() => filled = 0;

    public void Length(int value) => filled += VarInt.Write(Room(5), value);

    public void UInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Room(8), value);
        filled += 8;
    }

    public void Text(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Length(length);
        filled += Encoding.UTF8.GetBytes(text, Room(length));
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        filled += bytes.Length;
    }

    public void Values<T>(ReadOnlySpan<T> values)
        where T : unmanaged => Bytes(MemoryMarshal.AsBytes(values));

    private Span<byte> Room(int count)
    {
        if (buffer.Length - filled < count) Array.Resize(ref buffer, Math.Max(buffer.Length * 2, filled + count));
        return buffer.AsSpan(filled);
    }
}
