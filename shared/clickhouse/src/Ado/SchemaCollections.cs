using System.Data;
using System.Data.Common;
using System.Globalization;

namespace Tributary.ClickHouse;

/// <summary>What <see cref="DbConnection.GetSchemaAsync(string, string[], CancellationToken)"/> gives.</summary>
internal static class SchemaCollections
{
    private const string Databases = """
        select name as Database, engine as Engine, comment as Comment from system.databases
        where {r0:String} in ('', name)
        order by name
        """;

    private const string Tables = """
        select database as Database, name as Table, engine as Engine, comment as Comment from system.tables
        where {r0:String} in ('', database) and {r1:String} in ('', name)
        order by database, name
        """;

    private const string Columns = """
        select database as Database, table as Table, name as Name, type as ProviderType, position as Position,
            default_kind as DefaultKind, default_expression as DefaultExpression, comment as Comment
        from system.columns
        where {r0:String} in ('', database) and {r1:String} in ('', table) and {r2:String} in ('', name)
        order by database, table, position
        """;

    /// <summary>Restrictions are of the database, the table and the column, in this order; null is any.</summary>
    public static async Task<DataTable> ReadAsync(ClickHouseConnection connection, string collection,
        string?[] restrictions, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand(collection.ToUpperInvariant() switch
        {
            "DATABASES" => Databases,
            "TABLES" => Tables,
            "COLUMNS" => Columns,
            _ => throw new ArgumentException(
                $"'{collection}' is none of Databases, Tables, Columns.", nameof(collection)),
        });
        for (var index = 0; index < 3; index++)
        {
            command.AddParameter($"r{index}", index < restrictions.Length ? restrictions[index] ?? "" : "");
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var table = new DataTable(collection) { Locale = CultureInfo.InvariantCulture };
        table.Load(reader);
        return table;
    }

    /// <summary>A result's columns as ADO.NET describes them.</summary>
    public static DataTable Of(DbDataReader reader)
    {
        var table = new DataTable("SchemaTable") { Locale = CultureInfo.InvariantCulture };
        table.Columns.Add(SchemaTableColumn.ColumnName, typeof(string));
        table.Columns.Add(SchemaTableColumn.ColumnOrdinal, typeof(int));
        table.Columns.Add(SchemaTableColumn.ColumnSize, typeof(int));
        table.Columns.Add(SchemaTableColumn.DataType, typeof(Type));
        table.Columns.Add(SchemaTableColumn.AllowDBNull, typeof(bool));
        table.Columns.Add("DataTypeName", typeof(string));
        for (var ordinal = 0; ordinal < reader.FieldCount; ordinal++)
        {
            var type = reader.GetDataTypeName(ordinal);
            const int AnySize = -1;
            table.Rows.Add(reader.GetName(ordinal), ordinal, AnySize, reader.GetFieldType(ordinal),
                type.Contains("Nullable(", StringComparison.Ordinal), type);
        }

        return table;
    }
}
