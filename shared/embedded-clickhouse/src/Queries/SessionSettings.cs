using System.Text;
using Tributary.EmbeddedClickHouse.Engine;

namespace Tributary.EmbeddedClickHouse.Queries;

/// <summary>Lays a request's settings over a session's for one query, as ClickHouse does.</summary>
internal static class SessionSettings
{
    /// <summary>Sets them, and gives the statements that restore what the session had.</summary>
    public static IReadOnlyList<string> Apply(EngineHost engine, EngineConnection connection,
        IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        if (settings.Count == 0) return [];

        // A wrong name or value throws here, on a connection of its own, before the session is touched.
        engine.Open(settings).Dispose();
        var names = string.Join(", ", settings.Select(setting => Text.Quoted(setting.Key)));
        var undo = Undo(connection, names);
        foreach (var (name, value) in settings) connection.Run($"set {name} = {Text.Quoted(value)}");
        return undo;
    }

    private static string[] Undo(EngineConnection connection, string names)
    {
        var rows = Encoding.UTF8.GetString(connection.Run(
            $"select name, changed, hex(value) from system.settings where name in ({names})").Body);
        return Array.ConvertAll(rows.Split('\n', StringSplitOptions.RemoveEmptyEntries), row =>
        {
            var cells = row.Split('\t');
            var value = Encoding.UTF8.GetString(Convert.FromHexString(cells[2]));
            return cells[1] == "1" ? $"set {cells[0]} = {Text.Quoted(value)}" : $"set {cells[0]} = default";
        });
    }
}
