namespace Tributary.ClickHouse.Columns;

/// <summary>
/// A type as ClickHouse writes it, taken apart: <c>Map(String, Array(UInt8))</c> has two arguments. Pure.
/// </summary>
internal readonly record struct TypeText(string Name, IReadOnlyList<string> Arguments)
{
    public static TypeText Parse(string text)
    {
        text = text.Trim();
        var open = text.IndexOf('(', StringComparison.Ordinal);
        if (open < 0) return new TypeText(text, []);
        if (text[^1] != ')') throw new FormatException($"'{text}' is not a type.");
        return new TypeText(text[..open].Trim(), Split(text[(open + 1)..^1]));
    }

    /// <summary>An element of a tuple without its name, if it has one: <c>a UInt8</c> is <c>UInt8</c>.</summary>
    public static string WithoutName(string element)
    {
        var at = element[0] == '`' ? AfterQuote(element, 0) : element.IndexOfAny([' ', '(']);
        return at > 0 && at < element.Length && element[at] == ' ' ? element[at..].Trim() : element;
    }

    /// <summary>The text of a quoted literal.</summary>
    public static string Unquoted(string literal) => literal.Trim()[1..^1]
        .Replace(@"\'", "'", StringComparison.Ordinal).Replace(@"\\", @"\", StringComparison.Ordinal);

    private static List<string> Split(string text)
    {
        var parts = new List<string>();
        int start = 0, depth = 0;
        for (var at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '\'' or '`':
                    at = AfterQuote(text, at) - 1;
                    break;
                case '(':
                    depth++;
                    break;
                case ')':
                    depth--;
                    break;
                case ',' when depth == 0:
                    parts.Add(text[start..at].Trim());
                    start = at + 1;
                    break;
            }
        }

        if (text[start..].Trim() is { Length: > 0 } last) parts.Add(last);
        return parts;
    }

    private static int AfterQuote(string text, int at)
    {
        var quote = text[at++];
        while (at < text.Length && text[at] != quote) at += text[at] == '\\' ? 2 : 1;
        return Math.Min(at + 1, text.Length);
    }
}
