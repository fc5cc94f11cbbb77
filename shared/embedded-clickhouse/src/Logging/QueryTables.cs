using System.Text;
using Tributary.EmbeddedClickHouse.Engine;
using Tributary.EmbeddedClickHouse.Statements;

namespace Tributary.EmbeddedClickHouse.Logging;

/// <summary>
/// Tells which tables a query names, by the engine's own parser, once for each text. Used by the log's writer alone,
/// after the query; what does not parse, and what comes after many others of its batch, names none.
/// </summary>
internal sealed class QueryTables
{
    private const int KeptMax = 4096;
    private const int AskedMax = 200;
    private const string Insert = " Identifier ";
    private const string Table = "TableIdentifier ";
    private readonly Dictionary<(string Database, string Query), string[]> known = [];
    private HashSet<string> existing = [];
    private int asked;

    /// <summary>Looks anew at which tables there are: a name of a WITH is none.</summary>
    public void Begin(EngineConnection connection)
    {
        asked = 0;
        if (known.Count > KeptMax) known.Clear();
        existing = [.. Lines(connection.Run("select concat(database, '.', name) from system.tables", "TSVRaw"))];
    }

    public QueryLogEntry Named(EngineConnection connection, QueryLogEntry entry)
    {
        if (entry.QueryKind is not ("Select" or "Insert")
            || entry.Type == QueryLogEntry.FailedBeforeStart) return entry;

        if (!known.TryGetValue((entry.CurrentDatabase, entry.Query), out var tables))
        {
            if (++asked > AskedMax) return entry;
            known.Add((entry.CurrentDatabase, entry.Query), tables = Find(connection, entry));
        }

        var named = tables.Where(existing.Contains).ToArray();
        return entry with { Tables = named, Databases = [.. named.Select(name => name.Split('.')[0]).Distinct()] };
    }

    private static string[] Find(EngineConnection connection, QueryLogEntry entry)
    {
        try
        {
            var text = StatementReader.Read(Encoding.UTF8.GetBytes(entry.Query)) switch
            {
                Statement.InsertWithRows insert => [.. insert.Head.Span, .. " values"u8],
                Statement.Rows rows => rows.Plain,
                Statement.Command command => command.Text.ToArray(),
                _ => Array.Empty<byte>(),
            };
            var tree = Lines(connection.Run([.. "explain ast "u8, .. text], "TSVRaw", entry.Parameters));
            return [.. NamesIn(tree).Select(name => Full(name, entry.CurrentDatabase)).Distinct()];
        }
        catch (EngineException)
        {
            return []; // The query's own error is in its entry.
        }
    }

    private static IEnumerable<string> NamesIn(string[] tree)
    {
        // An insert's target are the identifiers directly below it: the table, or the database and the table.
        var target = tree.Skip(1).TakeWhile(line => line.StartsWith(Insert, StringComparison.Ordinal))
            .Select(line => line[Insert.Length..]);
        if (string.Join('.', target) is { Length: > 0 } name) yield return name;

        foreach (var line in tree.Select(line => line.TrimStart()))
        {
            if (!line.StartsWith(Table, StringComparison.Ordinal)) continue;
            yield return line[Table.Length..].Split(" (alias ")[0];
        }
    }

    private static string Full(string name, string database) =>
        name.Contains('.', StringComparison.Ordinal) ? name : $"{database}.{name}";

    private static string[] Lines(EngineResult result) =>
        Encoding.UTF8.GetString(result.Body).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
