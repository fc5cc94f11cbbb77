using System.Text;
using Tributary.EmbeddedClickHouse.Engine;
using Tributary.EmbeddedClickHouse.Statements;

namespace Tributary.EmbeddedClickHouse.Http;

/// <summary>What a user and a method allow, judged by the engine's own parser before a statement runs. Pure.</summary>
internal static class QueryPermission
{
    public static void Check(Statement statement, EngineConnection connection, User user, bool reading)
    {
        // Whose query it may be is looked at where it is found.
        if (statement is Statement.KillById && !reading) return;

        var text = statement switch
        {
            Statement.Command command => command.Text,
            Statement.Rows rows => (byte[])[.. rows.Head.Span, .. rows.Tail.Span],
            _ => default,
        };
        var (statements, kind) = text.IsEmpty ? (1u, StatementClass.Mutating) : connection.Classify(text.Span);
        if (statements > 1) throw new EngineException(62, "SYNTAX_ERROR",
            "Syntax error: Multi-statements are not allowed");

        var allowed = kind switch
        {
            StatementClass.ReadOnly or StatementClass.Unknown => true, // What does not parse, the engine will refuse.
            StatementClass.Control when StartsWith(text.Span, "USE"u8) => true,
            StatementClass.Control when StartsWith(text.Span, "SET"u8) => !user.ReadOnly,
            _ => !user.ReadOnly && !reading,
        };
        if (allowed) return;
        throw user.ReadOnly
            ? new EngineException(164, "READONLY", $"{user.Name}: Cannot execute query in readonly mode.")
            : new EngineException(164, "READONLY",
                $"{user.Name}: Cannot execute query in readonly mode. For queries over "
                + "HTTP, method GET implies readonly. You should use method POST for modifying queries.");
    }

    private static bool StartsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> keyword)
    {
        var tokens = new SqlTokens(text);
        return tokens.Next() && tokens.Is(keyword);
    }
}
