using System.Globalization;
using System.Numerics;

namespace Tributary.ClickHouse.Columns;

/// <summary>Decimals: .NET's up to 28 digits, our own beyond.</summary>
internal static class Decimals
{
    private const int NetDigits = 28;

    public static Column Of(string type, int digits, int scale) => digits switch
    {
        <= 9 => Plain<int>(type, digits, scale, kept => kept, value => (int)value),
        <= 18 => Plain<long>(type, digits, scale, kept => kept, value => (long)value),
        <= NetDigits => Plain<Int128>(type, digits, scale, kept => (BigInteger)kept, value => (Int128)value),
        <= 38 => new ConvertedColumn<Int128, ClickHouseDecimal>(type,
            kept => new ClickHouseDecimal(kept, scale), value => (Int128)Fitting(value, digits, scale, type), Accept),
        _ => new ConvertedColumn<Int256Bytes, ClickHouseDecimal>(type,
            kept => new ClickHouseDecimal(Int256Bytes.Read(kept, unsigned: false), scale),
            value => Int256Bytes.Of(Fitting(value, digits, scale, type), unsigned: false), Accept),
    };

    private static ConvertedColumn<T,
        decimal> Plain<T>(string type, int digits, int scale, Func<T, BigInteger> read, Func<BigInteger, T> write)
        where T : unmanaged => new ConvertedColumn<T, decimal>(type,
            kept => ToDecimal(read(kept), scale),
            value => write(Fitting(ClickHouseDecimal.Of(value), digits, scale, type)));

    private static decimal ToDecimal(BigInteger mantissa, int scale)
    {
        var size = BigInteger.Abs(mantissa);
        return new decimal((int)(uint)(size & uint.MaxValue), (int)(uint)((size >> 32) & uint.MaxValue),
            (int)(uint)(size >> 64),
            mantissa.Sign < 0, (byte)scale);
    }

    private static BigInteger Fitting(ClickHouseDecimal value, int digits, int scale, string type)
    {
        var mantissa = value.At(scale);
        return BigInteger.Abs(mantissa) < BigInteger.Pow(10, digits)
            ? mantissa
            : throw new OverflowException($"{value} does not fit into {type}.");
    }

    private static ClickHouseDecimal Accept(object value) =>
        ClickHouseDecimal.Of(System.Convert.ToDecimal(value, CultureInfo.InvariantCulture));
}
