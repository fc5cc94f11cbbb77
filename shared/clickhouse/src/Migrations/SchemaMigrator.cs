using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Tributary.ClickHouse.Native;
using Tributary.ClickHouse.Parameters;

namespace Tributary.ClickHouse.Migrations;

/// <summary>
/// Brings a database's tables forward. Each file is applied once, in the order of names, and noted in
/// <c>schema_migration</c>; since ClickHouse has no transaction over definitions, each statement must bear being run
/// again, so that a start that was killed is made good by the next. A file that was changed after it was applied stops
/// the start with its name. One at a time: the caller holds the lock.
/// </summary>
public sealed class SchemaMigrator(ClickHouseClient client, string database, SchemaOptions options)
{
    /// <summary>Applies what is not applied yet, and gives the names of what it applied.</summary>
    public async Task<IReadOnlyList<string>> MigrateAsync(IEnumerable<SchemaFile> files,
        CancellationToken cancellationToken)
    {
        var schema = new SchemaText(options);
        await PrepareAsync(cancellationToken);
        var applied = await AppliedAsync(cancellationToken);
        var done = new List<string>();
        foreach (var file in files.OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            if (applied.TryGetValue(file.Name, out var checksum))
            {
                if (checksum == file.Checksum) continue;
                throw new InvalidOperationException(
                    $"{file.Name} was applied to {database} with other content; a change needs a file of its own.");
            }

            foreach (var statement in schema.Statements(file.Text)) await DoAsync(statement, cancellationToken);
            await NoteAsync(file, cancellationToken);
            done.Add(file.Name);
        }

        return done;
    }

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var onCluster = options.Cluster.Length > 0 ? $" on cluster {options.Cluster}" : "";
        await client.ExecuteAsync(
            $"create database if not exists {Sql.Identifier(database)}{onCluster} engine = Atomic",
            In("default"), cancellationToken); // The database that the connection names may be the one to be made.
        await DoAsync(new SchemaText(options).Render("""
            create table if not exists {{table schema_migration}}
            (
                name String comment 'The file that was applied.',
                checksum String comment 'Of its text, so that a later change is noticed.',
                applied_at DateTime64(3, 'UTC') default now64(3) comment 'When.'
            )
            engine = {{engine MergeTree}}
            order by name
            comment 'Which files of the schema were applied.'
            """), cancellationToken);
    }

    private async Task<Dictionary<string, string>> AppliedAsync(CancellationToken cancellationToken)
    {
        var applied = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var reader = await client.QueryAsync(
            $"select name, checksum from {Here("{{local schema_migration}}")}", options: null, cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            for (var row = 0; row < reader.Block.RowCount; row++)
            {
                applied[reader.Block.Column<string>("name")[row]] = reader.Block.Column<string>("checksum")[row];
            }
        }

        return applied;
    }

    private async Task NoteAsync(SchemaFile file, CancellationToken cancellationToken)
    {
        var block = Block.Of(("name", "String"), ("checksum", "String"));
        block.Column<string>("name").Add(file.Name);
        block.Column<string>("checksum").Add(file.Checksum);
        await client.InsertAsync(Here("{{local schema_migration}}"), block, options: null, cancellationToken);
    }

    private Task DoAsync(string statement, CancellationToken cancellationToken) => client.ExecuteAsync(statement,
        In(database), cancellationToken);

    private static QueryOptions In(string name) =>
        new() { Settings = new Dictionary<string, string> { ["database"] = name } };

    private string Here(string table) => $"{Sql.Identifier(database)}.{new SchemaText(options).Render(table)}";
}

/// <summary>A file of a schema.</summary>
public sealed record SchemaFile(string Name, string Text)
{
    /// <summary>Of the text as it is written, whatever its line endings.</summary>
    public string Checksum => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes(Text.ReplaceLineEndings("\n"))));

    /// <summary>The files that an assembly carries under a prefix.</summary>
    public static IReadOnlyList<SchemaFile> Of(Assembly assembly, string prefix) =>
        [.. assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(name => new SchemaFile(name[prefix.Length..], Read(assembly, name)))];

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
