namespace Tributary.EmbeddedClickHouse.Statements;

internal enum SqlTokenKind
{
    Word,
    Quoted,
    Symbol,
    End,
}

/// <summary>
/// Steps over ClickHouse's SQL far enough to know words from strings, quoted names, comments and depth of brackets.
/// Says nothing about grammar: that is the engine's.
/// </summary>
internal ref struct SqlTokens(ReadOnlySpan<byte> text)
{
    private readonly ReadOnlySpan<byte> text = text;

    public SqlTokenKind Kind { get; private set; }

    public int Start { get; private set; }

    public int Stop { get; private set; }

    /// <summary>
    /// How many brackets are open around the token; an opening and its closing bracket have the same.
    /// </summary>
    public int Depth { get; private set; }

    public readonly ReadOnlySpan<byte> Token => text[Start..Stop];

    private int opened;

    public readonly bool Is(ReadOnlySpan<byte> keyword) =>
        Kind == SqlTokenKind.Word && System.Text.Ascii.EqualsIgnoreCase(Token, keyword);

    public readonly bool IsSymbol(char symbol) => Kind == SqlTokenKind.Symbol && text[Start] == symbol;

    public bool Next()
    {
        Depth += opened;
        opened = 0;
        Start = AfterBlanks(Stop);
        if (Start >= text.Length)
        {
            (Start, Stop, Kind) = (text.Length, text.Length, SqlTokenKind.End);
            return false;
        }

        var first = (char)text[Start];
        (Kind, Stop) = first switch
        {
            '\'' => (SqlTokenKind.Symbol, AfterQuoted(Start)),
            '"' or '`' => (SqlTokenKind.Quoted, AfterQuoted(Start)),
            '$' when Heredoc(Start) is > 0 and var end => (SqlTokenKind.Symbol, end),
            _ when IsWord(text[Start]) => (SqlTokenKind.Word, AfterWord(Start)),
            _ => (SqlTokenKind.Symbol, Start + 1),
        };
        if (first is '(' or '[' or '{') opened = 1;
        if (first is ')' or ']' or '}') Depth = Math.Max(0, Depth - 1);
        return true;
    }

    private readonly int AfterBlanks(int at)
    {
        while (at < text.Length)
        {
            var rest = text[at..];
            if (text[at] is <= (byte)' ')
            {
                at++;
            }
            else if (rest.StartsWith("/*"u8))
            {
                var end = rest[2..].IndexOf("*/"u8);
                at = end < 0 ? text.Length : at + end + 4;
            }
            else if (rest.StartsWith("--"u8) || rest.StartsWith("#!"u8) || rest.StartsWith("# "u8))
            {
                var end = rest.IndexOf((byte)'\n');
                at = end < 0 ? text.Length : at + end + 1;
            }
            else
            {
                break;
            }
        }

        return at;
    }

    private readonly int AfterQuoted(int at)
    {
        var quote = text[at++];
        while (at < text.Length)
        {
            if (text[at] == (byte)'\\')
            {
                at += 2;
            }
            else if (text[at] != quote)
            {
                at++;
            }
            else if (at + 1 < text.Length && text[at + 1] == quote)
            {
                at += 2;
            }
            else
            {
                return at + 1;
            }
        }

        return text.Length;
    }

    private readonly int Heredoc(int at)
    {
        var head = text[(at + 1)..].IndexOf((byte)'$');
        if (head < 0 || text.Slice(at + 1, head).IndexOfAnyExcept(WordBytes) >= 0) return 0;

        var tag = text.Slice(at, head + 2);
        var body = text[(at + tag.Length)..].IndexOf(tag);
        return body < 0 ? 0 : at + tag.Length + body + tag.Length;
    }

    private readonly int AfterWord(int at)
    {
        while (at < text.Length && IsWord(text[at])) at++;
        return at;
    }

    private static readonly System.Buffers.SearchValues<byte> WordBytes = System.Buffers.SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"u8);

    private static bool IsWord(byte value) => value >= 128 || WordBytes.Contains(value);
}
