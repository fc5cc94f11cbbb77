using System.Text;
using Tributary.EmbeddedClickHouse.Engine;

namespace Tributary.EmbeddedClickHouse.Statements;

/// <summary>Tells what kind of statement a text is, and where its format and its data begin. Pure.</summary>
internal static class StatementReader
{
    private static readonly HashSet<string> RowKeywords = new(StringComparer.OrdinalIgnoreCase)
    {
        "SELECT", "WITH", "FROM", "VALUES",
    };

    /// <summary>
    /// What these say fits into memory. Not all of them may name a file for it, and EXPLAIN would explain that too.
    /// </summary>
    private static readonly HashSet<string> FewRowsKeywords = new(StringComparer.OrdinalIgnoreCase)
    {
        "SHOW", "DESCRIBE", "DESC", "EXPLAIN", "EXISTS", "CHECK",
    };

    /// <summary>
    /// True when no later byte could change what the statement is: its data has begun. Only then may the rest of a
    /// body be streamed instead of read as text.
    /// </summary>
    public static bool DataHasBegun(ReadOnlySpan<byte> text) =>
        Insert(text, complete: false) is { At: > 0 } insert && insert.At < text.Length;

    public static Statement Read(ReadOnlyMemory<byte> text)
    {
        var tokens = new SqlTokens(text.Span);
        tokens.Next();
        var first = tokens.IsSymbol('(') ? "SELECT" : Encoding.UTF8.GetString(tokens.Token);

        if (first.Equals("INSERT", StringComparison.OrdinalIgnoreCase)
            && Insert(text.Span, complete: true) is { At: > 0 } insert)
        {
            return new Statement.InsertWithRows(text[..insert.HeadStop], insert.Format, insert.At);
        }

        var trimmed = text[..EndOf(text.Span)];
        if (RowKeywords.Contains(first) && !HoldsInsert(trimmed.Span, first)) return Rows(trimmed);
        if (FewRowsKeywords.Contains(first))
        {
            var few = Rows(trimmed);
            return new Statement.Command((byte[])[.. few.Head.Span, .. few.Tail.Span], few.Format);
        }

        return HostCommand.Read(trimmed.Span) ?? new Statement.Command(trimmed);
    }

    /// <summary>Where an insert's head ends and its data begins; null when it brings no data of its own.</summary>
    private static (int HeadStop, string Format, int At)? Insert(ReadOnlySpan<byte> text, bool complete)
    {
        var tokens = new SqlTokens(text);
        if (!tokens.Next() || !tokens.Is("INSERT"u8)) return null;
        if (!SkipTarget(ref tokens)) return null;

        while (tokens.Kind != SqlTokenKind.End)
        {
            if (tokens.Depth <= 1
                && (tokens.Is("SELECT"u8) || tokens.Is("WITH"u8) || tokens.Is("INFILE"u8))) return null;
            if (tokens.Depth == 0 && tokens.Is("VALUES"u8)) return (tokens.Start, "Values", tokens.Stop);
            if (tokens.Depth == 0 && tokens.Is("FORMAT"u8))
            {
                var head = tokens.Start;
                if (!tokens.Next()) return null;
                if (!complete && tokens.Stop == text.Length) return null; // The name may go on in bytes not read yet.
                return (head, Encoding.UTF8.GetString(tokens.Token), DataAfter(text, tokens.Stop));
            }

            tokens.Next();
        }

        return null;
    }

    /// <summary>Steps over INTO [TABLE] [FUNCTION] name, so that a table may be called as a keyword is.</summary>
    private static bool SkipTarget(ref SqlTokens tokens)
    {
        tokens.Next();
        if (tokens.Is("INTO"u8)) tokens.Next();
        if (tokens.Is("TABLE"u8)) tokens.Next();
        if (tokens.Is("FUNCTION"u8)) tokens.Next();
        if (tokens.Kind is not (SqlTokenKind.Word or SqlTokenKind.Quoted or SqlTokenKind.Symbol)) return false;

        tokens.Next();
        while (tokens.IsSymbol('.'))
        {
            tokens.Next();
            tokens.Next();
        }

        return tokens.Kind != SqlTokenKind.End;
    }

    private static int DataAfter(ReadOnlySpan<byte> text, int at)
    {
        if (at < text.Length && text[at] == ';') at++;
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\t' or (byte)'\f') at++;
        if (at < text.Length && text[at] == '\r') at++;
        if (at < text.Length && text[at] == '\n') at++;
        return at;
    }

    private static Statement.Rows Rows(ReadOnlyMemory<byte> text)
    {
        var tokens = new SqlTokens(text.Span);
        int formatAt = -1, nameStop = -1;
        string? format = null;
        while (tokens.Next())
        {
            if (tokens.Depth != 0) continue;
            if (tokens.Is("OUTFILE"u8))
            {
                throw new EngineException(358, "INTO_OUTFILE_NOT_ALLOWED", "INTO OUTFILE is not allowed");
            }

            if (!tokens.Is("FORMAT"u8)) continue;
            var at = tokens.Start;
            if (!tokens.Next() || tokens.Kind != SqlTokenKind.Word) continue; // A column or function of that name.
            (formatAt, nameStop, format) = (at, tokens.Stop, Encoding.UTF8.GetString(tokens.Token));
        }

        if (format is null || !EndsOrSets(text.Span[nameStop..])) return new Statement.Rows(text, Format: null,
            default);
        return new Statement.Rows(text[..formatAt], format, text[nameStop..]);
    }

    private static bool EndsOrSets(ReadOnlySpan<byte> rest)
    {
        var tokens = new SqlTokens(rest);
        return !tokens.Next() || tokens.Is("SETTINGS"u8);
    }

    private static bool HoldsInsert(ReadOnlySpan<byte> text, string first)
    {
        if (!first.Equals("WITH", StringComparison.OrdinalIgnoreCase)) return false;
        var tokens = new SqlTokens(text);
        while (tokens.Next())
        {
            if (tokens.Depth == 0 && tokens.Is("INSERT"u8)) return true;
        }

        return false;
    }

    /// <summary>Where the last token ends, a closing semicolon and comments left out.</summary>
    private static int EndOf(ReadOnlySpan<byte> text)
    {
        var tokens = new SqlTokens(text);
        var end = 0;
        while (tokens.Next())
        {
            if (!tokens.IsSymbol(';')) end = tokens.Stop;
        }

        return end;
    }
}
