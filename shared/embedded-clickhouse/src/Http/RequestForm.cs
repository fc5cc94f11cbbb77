using Microsoft.AspNetCore.Http;
using Tributary.EmbeddedClickHouse.Engine;

namespace Tributary.EmbeddedClickHouse.Http;

/// <summary>
/// A multipart body: fields stand for parameters of the address (<c>query</c>, <c>param_…</c>), files are external
/// tables that the statement may read under the part's name.
/// </summary>
internal sealed record RequestForm(bool Read, IReadOnlyList<KeyValuePair<string, string>> Fields,
    IReadOnlyList<ExternalTable> Tables)
{
    /// <summary>Names of parameters that say something of the tables, and are no settings.</summary>
    public IReadOnlySet<string> Own { get; } = Tables.SelectMany(table =>
        new[] { $"{table.Name}_structure", $"{table.Name}_types", $"{table.Name}_format" }).ToHashSet();

    public static readonly RequestForm None = new(Read: false, [], []);

    public static async Task<RequestForm> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentType?.StartsWith("multipart/form-data",
            StringComparison.OrdinalIgnoreCase) != true) return None;

        var form = await request.ReadFormAsync(cancellationToken);
        var fields = form.SelectMany(field => field.Value.Select(value => KeyValuePair.Create(field.Key, value ?? "")))
            .ToList();
        string Setting(string name) => request.Query.TryGetValue(name, out var value) ? value.ToString()
            : fields.FirstOrDefault(field => field.Key == name).Value ?? "";

        var tables = form.Files.Select(file => new ExternalTable(
            file.Name,
            Setting($"{file.Name}_structure") is { Length: > 0 } structure ? structure
                : Unnamed(Setting($"{file.Name}_types")),
            Setting($"{file.Name}_format") is { Length: > 0 } format ? format : "TabSeparated",
            file)).ToList();
        return new RequestForm(Read: true, fields, tables);
    }

    private static string Unnamed(string types) => types.Length > 0
        ? string.Join(", ", types.Split(',').Select((type, index) => $"_{index + 1} {type}"))
        : throw new EngineException(36, "BAD_ARGUMENTS", "An external table has neither structure nor types");
}

/// <summary>A table that comes with a request and goes with it.</summary>
internal sealed record ExternalTable(string Name, string Structure, string Format, IFormFile Content)
{
    public async Task LoadAsync(EngineConnection connection, CancellationToken cancellationToken)
    {
        connection.Run($"create temporary table {Text.Identifier(Name)} ({Structure})");
        using var insert = connection.Insert(Text.Bytes($"insert into {Text.Identifier(Name)}"), Format, []);
        using var content = Content.OpenReadStream();
        await new RequestBody(content).CopyDataAsync(0, insert, cancellationToken);
        insert.Finish();
    }
}
