namespace Tributary.ClickHouse.Columns;

/// <summary>
/// Times with a precision of their own. .NET's end at 100 ns: digits below are cut as they are read, and are there in
/// <see cref="ConvertedColumn{TKept,T}.Kept"/>.
/// </summary>
internal static class Times
{
    private const int TickDigits = 7;

    public static Column DateTime64(string type, int digits, Func<DateTime, DateTime> utc, Func<object,
        DateTime> accept) =>
        new ConvertedColumn<long, DateTime>(type,
            kept => DateTime.UnixEpoch.AddTicks(ToTicks(kept, digits)),
            value => OfTicks((utc(value) - DateTime.UnixEpoch).Ticks, digits), accept);

    public static Column Time64(string type, int digits) => new ConvertedColumn<long, TimeSpan>(type,
        kept => new TimeSpan(ToTicks(kept, digits)), value => OfTicks(value.Ticks, digits));

    private static long ToTicks(long kept, int digits) => digits <= TickDigits
        ? checked(kept * Power(TickDigits - digits))
        : FloorDivide(kept, Power(digits - TickDigits));

    private static long OfTicks(long ticks, int digits) => digits >= TickDigits
        ? checked(ticks * Power(digits - TickDigits))
        : FloorDivide(ticks, Power(TickDigits - digits));

    /// <summary>Towards the past, also before 1970, so that a time never becomes later than it was.</summary>
    private static long FloorDivide(long value, long by) => (value / by) - (value % by < 0 ? 1 : 0);

    private static long Power(int exponent)
    {
        var power = 1L;
        while (exponent-- > 0) power *= 10;
        return power;
    }
}
