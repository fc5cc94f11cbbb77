using System.Collections;
using System.Globalization;
using System.Net;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using Tributary.ClickHouse.Columns;

namespace Tributary.ClickHouse.Parameters;

/// <summary>
/// A parameter's value as the server reads it for the type that the statement names: tab-separated text, in which only
/// what is inside an array, a map or a tuple is quoted. Pure.
/// </summary>
internal static class ParameterText
{
    public static string Of(object? value) => value switch
    {
        null or DBNull => @"\N",
        string text => Escape(text, quote: false),
        _ => Plain(value) ?? Nested(value),
    };

    private static string Nested(object? value) => value switch
    {
        null or DBNull => "NULL",
        string text => $"'{Escape(text, quote: true)}'",
        IDictionary map =>
            $"{{{string.Join(",", Pairs(map).Select(pair => $"{Nested(pair.Key)}:{Nested(pair.Value)}"))}}}",
        ITuple tuple =>
            $"({string.Join(",", Enumerable.Range(0, tuple.Length).Select(index => Nested(tuple[index])))})",
        IEnumerable list => $"[{string.Join(",", list.Cast<object?>().Select(Nested))}]",
        bool or sbyte or byte or short or ushort or int or uint or long or ulong or Int128 or UInt128 or BigInteger
            or float or double or decimal or ClickHouseDecimal => Plain(value)!,
        _ => $"'{Plain(value) ?? throw Unknown(value)}'",
    };

    private static NotSupportedException Unknown(object value) =>
        new($"{value.GetType().Name} is no parameter's type.");

    internal static IEnumerable<DictionaryEntry> Pairs(IDictionary map)
    {
        foreach (DictionaryEntry pair in map) yield return pair;
    }

    private static string? Plain(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        double number => number switch
        {
            double.PositiveInfinity => "inf",
            double.NegativeInfinity => "-inf",
            double.NaN => "nan",
            _ => number.ToString("R", CultureInfo.InvariantCulture),
        },
        float number => Plain((double)number is var wide && float.IsFinite(number)
            ? double.Parse(number.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : wide),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime moment => Moment(moment.Kind == DateTimeKind.Local ? moment.ToUniversalTime() : moment),
        DateTimeOffset moment => Moment(moment.UtcDateTime),
        Guid or IPAddress or ClickHouseDecimal => value.ToString(),
        Enum member => Escape(member.ToString(), quote: false),
        sbyte or byte or short or ushort or int or uint or long or ulong or Int128 or UInt128 or BigInteger
            or decimal =>
            ((IFormattable)value).ToString(format: null, CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>As seconds since 1970, which no time zone of the server or the type reads differently.</summary>
    private static string Moment(DateTime value)
    {
        var ticks = (value - DateTime.UnixEpoch).Ticks;
        var fraction = ticks % TimeSpan.TicksPerSecond;
        return fraction == 0 && ticks >= 0
            ? (ticks / TimeSpan.TicksPerSecond).ToString(CultureInfo.InvariantCulture)
            : ((decimal)ticks / TimeSpan.TicksPerSecond).ToString("0.0000000", CultureInfo.InvariantCulture);
    }

    private static string Escape(string text, bool quote)
    {
        var escaped = new StringBuilder(text.Length + 8);
        foreach (var letter in text)
        {
            escaped.Append(letter switch
            {
                '\\' => @"\\",
                '\t' => @"\t",
                '\n' => @"\n",
                '\r' => @"\r",
                '\0' => @"\0",
                '\'' when quote => @"\'",
                _ => letter.ToString(),
            });
        }

        return escaped.ToString();
    }
}
