using Tributary.ClickHouse;
using Tributary.ClickHouse.Migrations;

namespace Tributary.ReadModel;

/// <summary>The read model's tables and views, and the queries that show analysts how to ask them.</summary>
public static class ReadModelSchema
{
    public static IReadOnlyList<SchemaFile> Files => SchemaFile.Of(typeof(ReadModelSchema).Assembly, "schema/");

    public static IReadOnlyList<SchemaFile> Queries => SchemaFile.Of(typeof(ReadModelSchema).Assembly, "queries/");

    /// <summary>Brings a database's tables forward; idempotent. The caller holds the lock.</summary>
    public static Task<IReadOnlyList<string>> MigrateAsync(ClickHouseClient client, string database,
        ReadModelOptions options, CancellationToken cancellationToken) =>
        new SchemaMigrator(client, database, options.ToSchema()).MigrateAsync(Files, cancellationToken);
}
