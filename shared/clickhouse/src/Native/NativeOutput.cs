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

    /// <summary>Numbers in one byte each, in two or in four, as the width is 0, 1 or 2.</summary>
    public void Narrowed(ReadOnlySpan<int> numbers, int width)
    {
        var room = Room(numbers.Length << width)[..(numbers.Length << width)];
        filled += room.Length;
        if (width == 2)
        {
            MemoryMarshal.AsBytes(numbers).CopyTo(room);
        }
        else if (width == 1)
        {
            var wide = MemoryMarshal.Cast<byte, ushort>(room);
            for (var index = 0; index < numbers.Length; index++) wide[index] = (ushort)numbers[index];
        }
        else
        {
            for (var index = 0; index < room.Length; index++) room[index] = (byte)numbers[index];
        }
    }

    private Span<byte> Room(int count)
    {
        if (buffer.Length - filled < count)
        {
            var twice = (int)Math.Min(buffer.Length * 2L, Array.MaxLength);
            Array.Resize(ref buffer, Math.Max(twice, checked(filled + count)));
        }

        return buffer.AsSpan(filled);
    }
}
