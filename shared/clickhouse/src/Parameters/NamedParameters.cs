using System.Collections;
using System.Net;
using System.Numerics;
using System.Text;
using Tributary.ClickHouse.Columns;

namespace Tributary.ClickHouse.Parameters;

/// <summary>
/// Turns the <c>@name</c> of ADO.NET and Dapper into ClickHouse's <c>{name:Type}</c>: the place is rewritten, the value
/// never becomes text of the statement. Strings, quoted names and comments are left alone. Pure.
/// </summary>
internal static class NamedParameters
{
    public static string Rewrite(string statement, IReadOnlyDictionary<string, string> types)
    {
        if (types.Count == 0 || !statement.Contains('@', StringComparison.Ordinal)) return statement;

        var text = new StringBuilder(statement.Length + 32);
        for (var at = 0; at < statement.Length;)
        {
            var end = Plain(statement, at);
            if (statement[at] == '@' && Name(statement, at + 1) is { Length: > 0 } name
                && types.TryGetValue(name, out var type))
            {
                text.Append('{').Append(name).Append(':').Append(type).Append('}');
                at += name.Length + 1;
                continue;
            }

            text.Append(statement, at, end - at);
            at = end;
        }

        return text.ToString();
    }

    /// <summary>The type that a value has when nobody names one.</summary>
    public static string TypeOf(object? value) => value switch
    {
        null or DBNull => "Nullable(String)",
        string => "String",
        bool => "Bool",
        sbyte => "Int8",
        byte => "UInt8",
        short => "Int16",
        ushort => "UInt16",
        int => "Int32",
        uint => "UInt32",
        long => "Int64",
        ulong => "UInt64",
        Int128 => "Int128",
        UInt128 => "UInt128",
        BigInteger => "Int256",
        float => "Float32",
        double => "Float64",
        decimal number => $"Decimal(28, {number.Scale})",
        ClickHouseDecimal number => $"Decimal(76, {number.Scale})",
        Guid => "UUID",
        DateOnly => "Date32",
        DateTime or DateTimeOffset => "DateTime64(6, 'UTC')",
        IPAddress address => address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? "IPv4" : "IPv6",
        Enum => "String",
        IDictionary map => MapType(map),
        IEnumerable list =>
            $"Array({TypeOf(list.Cast<object?>().FirstOrDefault(element => element is not null) ?? "")})",
        _ => throw new NotSupportedException($"{value.GetType().Name} is no parameter's type."),
    };

    private static string MapType(IDictionary map)
    {
        var pair = ParameterText.Pairs(map).FirstOrDefault();
        return $"Map({TypeOf(pair.Key ?? "")}, {TypeOf(pair.Value ?? "")})";
    }

    /// <summary>Where the piece that begins here ends, if it is one that is not looked into.</summary>
    private static int Plain(string text, int at)
    {
        var rest = text.AsSpan(at);
        if (rest.StartsWith("--")) return rest.IndexOf('\n') is >= 0 and var line ? at + line : text.Length;
        if (rest.StartsWith("/*")) return rest.IndexOf("*/") is >= 0 and var close ? at + close + 2 : text.Length;
        if (text[at] is not ('\'' or '"' or '`')) return at + 1;

        var quote = text[at++];
        while (at < text.Length && text[at] != quote) at += text[at] == '\\' ? 2 : 1;
        return Math.Min(at + 1, text.Length);
    }

    private static string Name(string text, int at)
    {
        var end = at;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_')) end++;
        return text[at..end];
    }
}
