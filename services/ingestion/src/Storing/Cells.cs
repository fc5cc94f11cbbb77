using System.Buffers.Binary;
using Tributary.ClickHouse.Columns;
using Tributary.Ingestion.Wire;

namespace Tributary.Ingestion.Storing;

/// <summary>A column of UUIDs, added as protobuf carries them: 16 bytes, big-endian; none is zeroes.</summary>
internal sealed class UuidCells(Column column)
{
    private readonly FixedColumn<UInt128> _kept = ((ConvertedColumn<UInt128, Guid>)column).Kept;

    public void Add(ReadOnlySpan<byte> uuid) => _kept.Add(uuid.IsEmpty
        ? default
        : new UInt128(BinaryPrimitives.ReadUInt64BigEndian(uuid[8..]), BinaryPrimitives.ReadUInt64BigEndian(uuid)));
}

/// <summary>A column of times, added as milliseconds since 1970.</summary>
internal sealed class TimeCells(Column column)
{
    private readonly FixedColumn<long> _kept = ((ConvertedColumn<long, DateTime>)column).Kept;

    public void Add(long milliseconds) => _kept.Add(milliseconds);
}

/// <summary>A column of text, with a dictionary or without, added as UTF-8.</summary>
internal sealed class TextCells(Column column)
{
    private readonly LowCardinalityColumn<string>? _words = column as LowCardinalityColumn<string>;
    private readonly StringColumn? _text = column as StringColumn;

    public void Add(ReadOnlySpan<byte> utf8)
    {
        if (_words is not null) _words.AddText(utf8);
        else _text!.Add(utf8);
    }
}

/// <summary>The fields 1 to 6 of a small message that have a length, and its flag 7.</summary>
internal readonly ref struct SmallFields
{
    private readonly ReadOnlySpan<byte> _1, _2, _3, _4, _5, _6;

    public SmallFields(ReadOnlySpan<byte> message)
    {
        for (var fields = new WireFields(message); fields.Read();)
        {
            switch (fields.Number)
            {
                case 1: _1 = fields.Bytes; break;
                case 2: _2 = fields.Bytes; break;
                case 3: _3 = fields.Bytes; break;
                case 4: _4 = fields.Bytes; break;
                case 5: _5 = fields.Bytes; break;
                case 6: _6 = fields.Bytes; break;
                case 7: Flag7 = fields.Value != 0; break;
            }
        }
    }

    public bool Flag7 { get; }

    public ReadOnlySpan<byte> this[int number] => number switch
    {
        1 => _1,
        2 => _2,
        3 => _3,
        4 => _4,
        5 => _5,
        6 => _6,
        _ => throw new ArgumentOutOfRangeException(nameof(number)),
    };
}
