using System.Collections.Frozen;

namespace Tributary.ClickHouse.Parameters;

/// <summary>Tells whether a statement may be sent twice. In doubt it may not. Pure.</summary>
internal static class StatementKind
{
    private static readonly FrozenSet<string> Reading =
        FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "SELECT", "SHOW", "DESCRIBE", "DESC", "EXPLAIN", "EXISTS");

    public static bool OnlyReads(string statement)
    {
        var text = statement.AsSpan().TrimStart();
        var end = text.IndexOfAnyExceptInRange('A', 'z');
        return Reading.Contains((end < 0 ? text : text[..end]).ToString());
    }
}
