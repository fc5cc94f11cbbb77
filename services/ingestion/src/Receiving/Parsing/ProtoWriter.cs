namespace Tributary.Ingestion.Receiving.Parsing;

/// <summary>
/// Writes the fields of a protobuf message into a buffer that is large enough. Empty fields are left out, as proto3
/// does.
/// </summary>
internal ref struct ProtoWriter(Span<byte> buffer)
{
    private const int Varint = 0, Delimited = 2;
    private readonly Span<byte> _buffer = buffer;

    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _buffer[..Length];

    public void Bytes(int field, scoped ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty) return;
        Number(Tag(field, Delimited));
        Number((ulong)value.Length);
        Raw(value);
    }

    /// <summary>Two texts as one.</summary>
    public void Bytes(int field, scoped ReadOnlySpan<byte> first, scoped ReadOnlySpan<byte> second)
    {
        if (first.IsEmpty && second.IsEmpty) return;
        Number(Tag(field, Delimited));
        Number((ulong)(first.Length + second.Length));
        Raw(first);
        Raw(second);
    }

    public void Guid(int field, Guid id)
    {
        Number(Tag(field, Delimited));
        Number(16);
        id.TryWriteBytes(_buffer[Length..], bigEndian: true, out var written);
        Length += written;
    }

    public void True(int field)
    {
        Number(Tag(field, Varint));
        Number(1);
    }

    /// <summary>A <c>google.protobuf.Timestamp</c>.</summary>
    public void Time(int field, long ticks)
    {
        var sinceEpoch = ticks - DateTime.UnixEpoch.Ticks;
        var (seconds, rest) = Math.DivRem(sinceEpoch, TimeSpan.TicksPerSecond);
        if (rest < 0) (seconds, rest) = (seconds - 1, rest + TimeSpan.TicksPerSecond);
        var mark = Open(field);
        if (seconds != 0)
        {
            Number(Tag(1, Varint));
            Number((ulong)seconds);
        }
        if (rest != 0)
        {
            Number(Tag(2, Varint));
            Number((ulong)rest * 100);
        }
        Close(mark);
    }

    /// <summary>Begins a message within the message; give what is returned to <see cref="Close"/>.</summary>
    public int Open(int field)
    {
        Number(Tag(field, Delimited));
        return ++Length; // One byte for its length, which is mostly enough.
    }

    public void Close(int mark)
    {
        var length = Length - mark;
        var more = 0;
        for (var rest = length >> 7; rest != 0; rest >>= 7) more++;
        if (more > 0) _buffer[mark..Length].CopyTo(_buffer[(mark + more)..]);
        Length = mark - 1;
        Number((ulong)length);
        Length += length;
    }

    /// <summary>As <see cref="Close"/>; leaves the message out where nothing is in it.</summary>
    public void CloseUnlessEmpty(int mark, int field)
    {
        if (Length > mark) Close(mark);
        else Length = mark - 1 - LengthOf(Tag(field, Delimited));
    }

    private void Raw(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer[Length..]);
        Length += bytes.Length;
    }

    private void Number(ulong value)
    {
        for (; value >= 0x80; value >>= 7) _buffer[Length++] = (byte)(value | 0x80);
        _buffer[Length++] = (byte)value;
    }

    private static ulong Tag(int field, int wire) => (ulong)(field << 3 | wire);

    private static int LengthOf(ulong value) => value < 0x80 ? 1 : 2;
}
