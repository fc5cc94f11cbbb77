using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Tributary.ClickHouse;

/// <summary>An error of the server, with ClickHouse's own code and name for it.</summary>
public sealed partial class ClickHouseException : DbException
{
    public ClickHouseException(string message, int code, string name, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
        Name = name;
    }

    /// <summary>ClickHouse's code: 60 is a table that is not there. 0 when there was no answer.</summary>
    public int Code { get; }

    /// <summary>ClickHouse's name for the code: <c>UNKNOWN_TABLE</c>.</summary>
    public string Name { get; }

    public override int ErrorCode => Code;

    /// <summary>True when the same request may well succeed a moment later.</summary>
    public override bool IsTransient =>
        Code is 0 or 159 or 202 or 203 or 209 or 210 or 241 or 242 or 252 or 319 or 425 or 999;

    internal static ClickHouseException From(string text, string codeHeader)
    {
        var match = Pattern().Match(text);
        var code = int.TryParse(codeHeader, CultureInfo.InvariantCulture, out var given) ? given
            : match.Success ? int.Parse(match.Groups["code"].ValueSpan, CultureInfo.InvariantCulture) : 0;
        var names = Names().Matches(text);
        return new ClickHouseException(text.Trim(), code, names.Count > 0 ? names[^1].Groups[1].Value : "");
    }

    [GeneratedRegex(@"Code: (?<code>\d+)\.")]
    private static partial Regex Pattern();

    [GeneratedRegex(@"\(([A-Z][A-Z0-9_]+)\)")]
    private static partial Regex Names();
}
