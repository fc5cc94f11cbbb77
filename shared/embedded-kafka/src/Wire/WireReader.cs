using System.Buffers.Binary;
using System.Text;

namespace Tributary.EmbeddedKafka.Wire;

/// <summary>What a peer sent does not follow the protocol; the connection it came on is closed.</summary>
internal sealed class MalformedException(string reason) : Exception(reason);

/// <summary>
/// Reads the primitives of the protocol from one frame. Every length is checked against what is left of the frame
/// before anything is allocated for it. Used by one connection at a time.
/// </summary>
internal sealed class WireReader
{
    private const int StringBytesMax = short.MaxValue;

    private ReadOnlyMemory<byte> frame;
    private int position;

    public int Left => frame.Length - position;

    public WireReader Begin(ReadOnlyMemory<byte> bytes)
    {
        frame = bytes;
        position = 0;
        return this;
    }

    public sbyte Int8() => (sbyte)Take(1)[0];
    public bool Bool() => Take(1)[0] != 0;
    public short Int16() => BinaryPrimitives.ReadInt16BigEndian(Take(2));
    public ushort Uint16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));
    public int Int32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));
    public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));
    public double Float64() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));
    public Guid Uuid() => new(Take(16), bigEndian: true);

    public uint Varint()
    {
        var value = 0u;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var next = Take(1)[0];
            value |= (uint)(next & 0x7f) << shift;
            if (next < 0x80) return value;
        }

        throw new MalformedException("a variable-length number does not end");
    }

    /// <summary>The zigzag numbers inside records.</summary>
    public int SignedVarint()
    {
        var value = Varint();
        return (int)(value >> 1) ^ -(int)(value & 1);
    }

    public long SignedVarlong()
    {
        var value = 0ul;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80) return (long)(value >> 1) ^ -(long)(value & 1);
        }

        throw new MalformedException("a variable-length number does not end");
    }

    public string String(bool flexible) =>
        NullableString(flexible) ?? throw new MalformedException("a string is null that may not be");

    public string? NullableString(bool flexible)
    {
        var length = flexible ? CompactLength() : Int16();
        if (length < 0) return length == -1 ? null : throw new MalformedException("a string has a negative length");
        if (length > StringBytesMax) throw new MalformedException("a string is longer than 32767 bytes");
        return Encoding.UTF8.GetString(Take(length));
    }

    public ReadOnlyMemory<byte> Bytes(bool flexible) =>
        NullableBytes(flexible) ?? throw new MalformedException("bytes are null that may not be");

    public ReadOnlyMemory<byte>? NullableBytes(bool flexible)
    {
        var length = flexible ? CompactLength() : Int32();
        if (length == -1) return null;
        Take(length);
        return frame.Slice(position - length, length);
    }

    public Records Records(bool flexible) => new(NullableBytes(flexible) ?? default);

    public List<T> Array<T>(bool flexible, short version, Func<WireReader, short, T> element) =>
        NullableArray(flexible, version, element) ?? throw new MalformedException("an array is null that may not be");

    public List<T>? NullableArray<T>(bool flexible, short version, Func<WireReader, short, T> element)
    {
        var length = ArrayLength(flexible);
        if (length < 0) return null;

        var items = new List<T>(length);
        for (var index = 0; index < length; index++) items.Add(element(this, version));
        return items;
    }

    public List<string> Strings(bool flexible) =>
        NullableStrings(flexible) ?? throw new MalformedException("an array is null that may not be");

    public List<string>? NullableStrings(bool flexible)
    {
        var length = ArrayLength(flexible);
        if (length < 0) return null;

        var items = new List<string>(length);
        for (var index = 0; index < length; index++) items.Add(String(flexible));
        return items;
    }

    /// <summary>The mark before a structure that may be null.</summary>
    public bool Present() => Int8() >= 0;

    public int TagCount()
    {
        var count = Varint();
        return count <= Left ? (int)count : throw new MalformedException("more tagged fields than bytes");
    }

    public int Tag(out int size)
    {
        var tag = Varint();
        var length = Varint();
        if (length > Left) throw new MalformedException("a tagged field is longer than its frame");
        size = (int)length;
        return tag > int.MaxValue ? int.MaxValue : (int)tag;
    }

    public void SkipTags()
    {
        for (var tags = TagCount(); tags > 0; tags--)
        {
            Tag(out var size);
            Skip(size);
        }
    }

    public void Skip(int size) => Take(size);

    private int ArrayLength(bool flexible)
    {
        var length = flexible ? CompactLength() : Int32();
        if (length > Left) throw new MalformedException($"an array of {length} items in {Left} bytes");
        return length;
    }

    private int CompactLength()
    {
        var length = Varint();
        return length <= int.MaxValue ? (int)length - 1 : throw new MalformedException("a length is out of range");
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if ((uint)length > (uint)Left) throw new MalformedException($"{length} bytes wanted where {Left} are left");
        var taken = frame.Span.Slice(position, length);
        position += length;
        return taken;
    }
}
