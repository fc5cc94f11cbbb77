using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Tributary.EmbeddedKafka.Wire;

/// <summary>
/// Writes frames into one pooled buffer. Records that lie in a file are not copied: the writer notes where they belong,
/// and the connection sends them from the file. Used by one connection at a time.
/// </summary>
internal sealed class WireWriter : IDisposable
{
    private const int SizeKept = 16 * 1024;

    private byte[] buffer = ArrayPool<byte>.Shared.Rent(1024);
    private int position;
    private int frameStart;
    private long splicedInFrame;

    /// <summary>Records to be sent from their file, each at the place in the buffer before which it belongs.</summary>
    public List<(int At, Records Records)> Splices { get; } = [];

    public ReadOnlyMemory<byte> Written => buffer.AsMemory(0, position);

    public void Clear()
    {
        foreach (var (_, records) in Splices) records.Release();
        Splices.Clear();
        position = 0;
        if (buffer.Length <= SizeKept) return;
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = ArrayPool<byte>.Shared.Rent(1024);
    }

    public void BeginFrame()
    {
        frameStart = position;
        splicedInFrame = 0;
        Int32(0);
    }

    public void EndFrame()
    {
        var length = position - frameStart - 4 + splicedInFrame;
        BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(frameStart), checked((int)length));
    }

    public void Int8(sbyte value) => Next(1)[0] = (byte)value;
    public void Bool(bool value) => Next(1)[0] = value ? (byte)1 : (byte)0;
    public void Int16(short value) => BinaryPrimitives.WriteInt16BigEndian(Next(2), value);
    public void Uint16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Next(2), value);
    public void Int32(int value) => BinaryPrimitives.WriteInt32BigEndian(Next(4), value);
    public void Int64(long value) => BinaryPrimitives.WriteInt64BigEndian(Next(8), value);
    public void Float64(double value) => BinaryPrimitives.WriteDoubleBigEndian(Next(8), value);
    public void Uuid(Guid value) => value.TryWriteBytes(Next(16), bigEndian: true, out _);

    public void Varint(uint value)
    {
        while (value >= 0x80)
        {
            Next(1)[0] = (byte)(value | 0x80);
            value >>= 7;
        }

        Next(1)[0] = (byte)value;
    }

    public void String(string? value, bool flexible)
    {
        var length = value is null ? -1 : Encoding.UTF8.GetByteCount(value);
        if (flexible) Varint((uint)(length + 1));
        else Int16(checked((short)length));
        if (length > 0) Encoding.UTF8.GetBytes(value, Next(length));
    }

    public void Bytes(ReadOnlyMemory<byte>? value, bool flexible)
    {
        Length(value?.Length ?? -1, flexible);
        if (value is { } bytes) bytes.Span.CopyTo(Next(bytes.Length));
    }

    public void Records(Records records, bool flexible)
    {
        Length(records.Length, flexible);
        if (records.Length == 0) return;
        if (!records.InFile)
        {
            records.Memory.Span.CopyTo(Next(records.Length));
            return;
        }

        Splices.Add((position, records));
        splicedInFrame += records.Length;
    }

    public void Array<T>(List<T>? items, bool flexible, short version)
        where T : IElement
    {
        Length(items?.Count ?? -1, flexible);
        if (items is null) return;
        foreach (var item in items) item.Write(this, version);
    }

    public void Array<T>(List<T>? items, bool flexible, Action<WireWriter, T> element)
    {
        Length(items?.Count ?? -1, flexible);
        if (items is null) return;
        foreach (var item in items) element(this, item);
    }

    public void Strings(List<string>? items, bool flexible)
    {
        Length(items?.Count ?? -1, flexible);
        if (items is null) return;
        foreach (var item in items) String(item, flexible);
    }

    public void Nullable<T>(T? item, short version)
        where T : class, IElement
    {
        Int8(item is null ? (sbyte)-1 : (sbyte)1);
        item?.Write(this, version);
    }

    public void Raw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Next(bytes.Length));

    public void NoTags() => Varint(0);

    /// <summary>Leaves room for the number of tagged fields; there are never more than 127.</summary>
    public (int At, int Count) BeginTags()
    {
        Varint(0);
        return (position - 1, 0);
    }

    public int BeginTag(ref (int At, int Count) tags, int tag)
    {
        tags.Count++;
        Varint((uint)tag);
        return position;
    }

    /// <summary>Puts the size of the tagged field before it, moving it by the size's own bytes.</summary>
    public void EndTag(int at)
    {
        var length = position - at;
        var prefix = length < 0x80 ? 1 : length < 0x4000 ? 2 : 5;
        Next(prefix);
        buffer.AsSpan(at, length).CopyTo(buffer.AsSpan(at + prefix));
        var rest = (uint)length;
        for (var index = 0; index < prefix - 1; index++, rest >>= 7) buffer[at + index] = (byte)(rest | 0x80);
        buffer[at + prefix - 1] = (byte)rest;
    }

    public void EndTags((int At, int Count) tags) => buffer[tags.At] = (byte)tags.Count;

    public void Dispose()
    {
        Clear();
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }

    private void Length(int length, bool flexible)
    {
        if (flexible) Varint((uint)(length + 1));
        else Int32(length);
    }

    private Span<byte> Next(int length)
    {
        if (buffer.Length - position < length) Grow(length);
        position += length;
        return buffer.AsSpan(position - length, length);
    }

    private void Grow(int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(buffer.Length * 2, position + length));
        buffer.AsSpan(0, position).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
