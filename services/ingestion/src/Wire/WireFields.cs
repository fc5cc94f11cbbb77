using System.Buffers.Binary;

namespace Tributary.Ingestion.Wire;

/// <summary>
/// The fields of a protobuf message in the order in which they lie there, read in place: no object, no copy. Unknown
/// fields are given like any other, and the caller passes over them.
/// </summary>
internal ref struct WireFields(ReadOnlySpan<byte> message)
{
    private const int VarintBytesMax = 10;
    private const ulong NumberMax = (1 << 29) - 1;
    private ReadOnlySpan<byte> _rest = message;

    /// <summary>The field's number.</summary>
    public int Number { get; private set; }

    /// <summary>What a varint or fixed field holds; 0 for others.</summary>
    public ulong Value { get; private set; }

    /// <summary>What a field with a length holds; empty for others.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>False at the end.</summary>
    /// <exception cref="FormatException">This is no message.</exception>
    public bool Read()
    {
        if (_rest.IsEmpty) return false;
        var tag = Varint();
        if (tag >> 3 is 0 or > NumberMax) throw new FormatException($"no field has the number {tag >> 3}");
        (Number, Value) = ((int)(tag >> 3), 0);
        Bytes = default;
        switch (tag & 7)
        {
            case 0:
                Value = Varint();
                return true;
            case 1:
                Value = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
                return true;
            case 2:
                Bytes = Take(Varint());
                return true;
            case 5:
                Value = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
                return true;
            default:
                throw new FormatException($"field {Number} is of a kind that is not known");
        }
    }

    private ulong Varint()
    {
        var value = 0UL;
        for (var at = 0; at < VarintBytesMax && at < _rest.Length; at++)
        {
            value |= (ulong)(_rest[at] & 0x7f) << (7 * at);
            if (_rest[at] >= 0x80) continue;
            _rest = _rest[(at + 1)..];
            return value;
        }
        throw new FormatException("a number does not end");
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)_rest.Length) throw new FormatException($"field {Number} is longer than the message");
        var taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }
}
