using System.Globalization;
using System.Numerics;

namespace Tributary.ClickHouse.Columns;

/// <summary>A decimal of up to 76 digits: what ClickHouse's has and .NET's has not.</summary>
public readonly record struct ClickHouseDecimal(BigInteger Mantissa, int Scale)
{
    public static ClickHouseDecimal Of(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var mantissa = ((BigInteger)(uint)bits[2] << 64) | ((BigInteger)(uint)bits[1] << 32) | (uint)bits[0];
        return new ClickHouseDecimal(value < 0 ? -mantissa : mantissa, (bits[3] >> 16) & 0xff);
    }

    /// <summary>The mantissa at another scale; throws where digits would be lost.</summary>
    public BigInteger At(int scale)
    {
        if (scale >= Scale) return Mantissa * BigInteger.Pow(10, scale - Scale);
        var (quotient, rest) = BigInteger.DivRem(Mantissa, BigInteger.Pow(10, Scale - scale));
        return rest.IsZero ? quotient
            : throw new OverflowException($"{this} has more than {scale} digits after the point.");
    }

    public decimal ToDecimal() => decimal.Parse(ToString(), NumberStyles.Number, CultureInfo.InvariantCulture);

    public override string ToString()
    {
        var digits = BigInteger.Abs(Mantissa).ToString(CultureInfo.InvariantCulture).PadLeft(Scale + 1, '0');
        var text = Scale == 0 ? digits : $"{digits[..^Scale]}.{digits[^Scale..]}";
        return Mantissa.Sign < 0 ? $"-{text}" : text;
    }
}
