using System.Globalization;
using System.Net;
using System.Numerics;

namespace Tributary.ClickHouse.Columns;

/// <summary>Makes the column of a type as ClickHouse writes it.</summary>
internal static class ColumnOf
{
    private static readonly DateOnly Epoch = new(1970, 1, 1);

    public static Column Type(string type)
    {
        var (name, arguments) = TypeText.Parse(type);
        return Number(name, type) ?? Composite(name, arguments, type) ?? Scalar(name, arguments, type)
            ?? throw new NotSupportedException($"Values of type {type} are neither read nor written.");
    }

    private static Column? Number(string name, string type) => name switch
    {
        "UInt8" => new FixedColumn<byte>(type),
        "UInt16" => new FixedColumn<ushort>(type),
        "UInt32" => new FixedColumn<uint>(type),
        "UInt64" => new FixedColumn<ulong>(type),
        "UInt128" => new FixedColumn<UInt128>(type),
        "Int8" => new FixedColumn<sbyte>(type),
        "Int16" => new FixedColumn<short>(type),
        "Int32" => new FixedColumn<int>(type),
        "Int64" => new FixedColumn<long>(type),
        "Int128" => new FixedColumn<Int128>(type),
        "Float32" => new FixedColumn<float>(type),
        "Float64" => new FixedColumn<double>(type),
        "UInt256" or "Int256" => Big(type, unsigned: name == "UInt256"),
        "Bool" => new ConvertedColumn<byte, bool>(type, kept => kept != 0, value => value ? (byte)1 : (byte)0),
        "Nothing" => new FixedColumn<byte>(type),
        _ when name.StartsWith("Interval", StringComparison.Ordinal) => new FixedColumn<long>(type),
        _ => null,
    };

    private static Column? Composite(string name, IReadOnlyList<string> arguments, string type) => name switch
    {
        "Nullable" => new NullableColumn(type, Type(arguments[0])),
        "Array" => new ArrayColumn(type, Type(arguments[0])),
        "Map" => new MapColumn(type, Type(arguments[0]), Type(arguments[1])),
        "Tuple" => new TupleColumn(type, Elements(arguments)),
        "Nested" =>
            new ArrayColumn(type, new TupleColumn($"Tuple({string.Join(", ", arguments)})", Elements(arguments))),
        "SimpleAggregateFunction" => Type(arguments[^1]),
        "LowCardinality" => LowCardinality(TypeText.Parse(arguments[0]), arguments[0], type),
        "Point" => Type("Tuple(Float64, Float64)"),
        "Ring" or "LineString" => Type("Array(Point)"),
        "Polygon" or "MultiLineString" => Type("Array(Ring)"),
        "MultiPolygon" => Type("Array(Polygon)"),
        _ => null,
    };

    private static Column? Scalar(string name, IReadOnlyList<string> arguments, string type) => name switch
    {
        "String" => new StringColumn(type),
        "JSON" => new StringColumn(type, isJson: true),
        "FixedString" => new FixedStringColumn(type, Int(arguments[0])),
        "UUID" => new ConvertedColumn<UInt128, Guid>(type, UuidBytes.Read, UuidBytes.Of,
            value => Guid.Parse((string)value)),
        "Date" => new ConvertedColumn<ushort, DateOnly>(type, kept => Epoch.AddDays(kept),
            value => checked((ushort)(value.DayNumber - Epoch.DayNumber)), Day),
        "Date32" => new ConvertedColumn<int, DateOnly>(type, kept => Epoch.AddDays(kept),
            value => value.DayNumber - Epoch.DayNumber, Day),
        "DateTime" or "DateTime32" => new ConvertedColumn<uint, DateTime>(type,
            kept => DateTime.UnixEpoch.AddSeconds(kept),
            value => checked((uint)((Utc(value) - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond)), Moment),
        "DateTime64" => Times.DateTime64(type, arguments.Count == 0 ? 3 : Int(arguments[0]), Utc, Moment),
        "Time" => new ConvertedColumn<int, TimeSpan>(type, kept => TimeSpan.FromSeconds(kept),
            value => checked((int)(value.Ticks / TimeSpan.TicksPerSecond))),
        "Time64" => Times.Time64(type, Int(arguments[0])),
        "IPv4" => new ConvertedColumn<uint, IPAddress>(type, Addresses.ReadV4, Addresses.OfV4, Address),
        "IPv6" => new ConvertedColumn<UInt128, IPAddress>(type, Addresses.ReadV6, Addresses.OfV6, Address),
        "Enum8" => Enums.Small(type, arguments),
        "Enum16" => Enums.Large(type, arguments),
        "Decimal" => Decimals.Of(type, Int(arguments[0]), arguments.Count > 1 ? Int(arguments[1]) : 0),
        _ => null,
    };

    private static Column LowCardinality(TypeText inner, string text, string type)
    {
        var nullable = inner.Name == "Nullable";
        return Type(nullable ? inner.Arguments[0] : text) switch
        {
            Column<string> values => new LowCardinalityColumn<string>(type, values, nullable),
            FixedColumn<byte> values => new LowCardinalityColumn<byte>(type, values, nullable),
            FixedColumn<ushort> values => new LowCardinalityColumn<ushort>(type, values, nullable),
            FixedColumn<uint> values => new LowCardinalityColumn<uint>(type, values, nullable),
            FixedColumn<ulong> values => new LowCardinalityColumn<ulong>(type, values, nullable),
            FixedColumn<int> values => new LowCardinalityColumn<int>(type, values, nullable),
            FixedColumn<long> values => new LowCardinalityColumn<long>(type, values, nullable),
            FixedColumn<double> values => new LowCardinalityColumn<double>(type, values, nullable),
            Column<DateOnly> values => new LowCardinalityColumn<DateOnly>(type, values, nullable),
            Column<DateTime> values => new LowCardinalityColumn<DateTime>(type, values, nullable),
            Column<Guid> values => new LowCardinalityColumn<Guid>(type, values, nullable),
            _ => throw new NotSupportedException($"{type} is neither read nor written."),
        };
    }

    private static ConvertedColumn<Int256Bytes, BigInteger> Big(string type, bool unsigned) =>
        new ConvertedColumn<Int256Bytes, BigInteger>(type,
        kept => Int256Bytes.Read(kept, unsigned),
        value => Int256Bytes.Of(value, unsigned),
        value => BigInteger.Parse(value.ToString()!, CultureInfo.InvariantCulture));

    private static Column[] Elements(IReadOnlyList<string> arguments) =>
        [.. arguments.Select(element => Type(TypeText.WithoutName(element)))];

    private static int Int(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static DateOnly Day(object value) => value is DateTime moment ? DateOnly.FromDateTime(moment)
        : DateOnly.Parse((string)value, CultureInfo.InvariantCulture);

    private static DateTime Moment(object value) => value is DateTimeOffset moment ? moment.UtcDateTime
        : DateTime.Parse((string)value, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    /// <summary>A time without a kind is taken as UTC, so that no machine's zone changes what is stored.</summary>
    private static DateTime Utc(DateTime value) => value.Kind == DateTimeKind.Local ? value.ToUniversalTime() : value;

    private static IPAddress Address(object value) => IPAddress.Parse((string)value);
}
