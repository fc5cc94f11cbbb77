using System.Text.RegularExpressions;

namespace Tributary.ClickHouse.Migrations;

/// <summary>
/// One text for one server and for a cluster: what differs is marked, and written out here. Pure.
/// <c>{{table x}}</c> and <c>{{local x}}</c> name the table that holds rows, <c>{{engine E}}</c> its engine,
/// <c>{{view x}}</c> a view, <c>{{distributed x by key}}</c> is the statement that spreads it, and nothing on one
/// server; <c>{{deduplication}}</c> are the settings by which repeated blocks count once; any other word is a value.
/// </summary>
public sealed partial record SchemaText(SchemaOptions Options)
{
    public string Render(string text) => Mark().Replace(text, mark => Written(mark.Groups["mark"].Value.Trim()));

    /// <summary>The statements of a file, which end with a semicolon at the end of a line.</summary>
    public IReadOnlyList<string> Statements(string text) =>
        [.. StatementEnd().Split(Render(text)).Select(part => part.Trim()).Where(part => part.Length > 0)];

    private bool OnCluster => Options.Cluster.Length > 0;

    private string Written(string mark)
    {
        var (word, rest) = mark.Split(' ', 2) is [var head, var tail] ? (head, tail) : (mark, "");
        return word switch
        {
            "table" => OnCluster ? $"{rest}_local on cluster {Options.Cluster}" : rest,
            "local" => OnCluster ? $"{rest}_local" : rest,
            "view" => OnCluster ? $"{rest} on cluster {Options.Cluster}" : rest,
            "engine" => OnCluster ? Replicated(rest) : rest,
            "distributed" => OnCluster ? Distributed(rest) : "",
            "deduplication" => OnCluster
                ? $"replicated_deduplication_window = {Options.DeduplicationWindow}, "
                    + $"replicated_deduplication_window_seconds = {(long)Options.DeduplicationTime.TotalSeconds}"
                : $"non_replicated_deduplication_window = {Options.DeduplicationWindow}",
            _ => Options.Values.TryGetValue(mark, out var value)
                ? value.ToString(System.Globalization.CultureInfo.InvariantCulture)
                : throw new FormatException($"'{mark}' is not known where a schema is written out."),
        };
    }

    private static string Replicated(string engine)
    {
        const string Place = "'/clickhouse/tables/{shard}/{database}/{table}', '{replica}'";
        var open = engine.IndexOf('(', StringComparison.Ordinal);
        return open < 0
            ? $"Replicated{engine}({Place})"
            : $"Replicated{engine[..open]}({Place}, {engine[(open + 1)..]}";
    }

    private string Distributed(string rest)
    {
        var (table, key) = rest.Split(" by ", 2) is [var name, var by] ? (name, by) : throw new FormatException(rest);
        return $"create table if not exists {table} on cluster {Options.Cluster} as {table}_local\n"
            + $"engine = Distributed({Options.Cluster}, currentDatabase(), {table}_local, {key});\n";
    }

    [GeneratedRegex(@"\{\{(?<mark>[^{}]+)\}\}")]
    private static partial Regex Mark();

    [GeneratedRegex(@";[ \t]*(\r?\n|$)")]
    private static partial Regex StatementEnd();
}
