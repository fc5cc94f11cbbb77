using System.Text;
using System.Text.RegularExpressions;

namespace Tributary.EmbeddedClickHouse.Statements;

/// <summary>
/// The statements that the engine can't answer, because query ids and the log are the host's.
/// </summary>
internal static partial class HostCommand
{
    public static Statement? Read(ReadOnlySpan<byte> text)
    {
        if (text.Length > 1024) return null;
        var statement = Encoding.UTF8.GetString(text);
        if (FlushLogs().IsMatch(statement)) return new Statement.FlushLogs();

        var kill = KillQuery().Match(statement);
        if (!kill.Success) return null;
        var id = kill.Groups["id"].Value.Replace(@"\'", "'", StringComparison.Ordinal);
        return new Statement.KillById(id, kill.Groups["sync"].Success);
    }

    [GeneratedRegex(@"^\s*system\s+flush\s+logs\b", RegexOptions.IgnoreCase)]
    private static partial Regex FlushLogs();

    [GeneratedRegex(@"^\s*kill\s+query\s+where\s+query_id\s*=\s*'(?<id>(\\.|[^'\\])*)'(\s+((?<sync>sync)|async))?\s*$",
        RegexOptions.IgnoreCase)]
    private static partial Regex KillQuery();
}
