using Dapper;
using Npgsql;

namespace Tributary.Postgres.Testing;

/// <summary>Makes an insert of a row of plain values, for columns with types of PostgreSQL's own.</summary>
internal static class SampleRow
{
    private const string Columns = """
        select quote_ident(attname) as Name, format_type(atttypid, atttypmod) as Type, typname as Base,
            typcategory::text as Category
        from pg_attribute
        join pg_type on pg_type.oid = atttypid
        where attrelid = @table::regclass
          and attnum > 0
          and not attisdropped
          and attnotnull
          and not atthasdef
          and attidentity = ''
          and attname <> 'organisation'
        order by attnum
        """;

    public static async Task<string> InsertAsync(NpgsqlConnection connection, string table)
    {
        var columns = (await connection.QueryAsync<Column>(Columns, new { table })).ToList();
        var names = columns.Select(column => column.Name).Prepend("organisation");
        var values = columns.Select(column => $"({Value(column)})::{column.Type}").Prepend("@organisation");
        return $"insert into {table} ({string.Join(", ", names)}) values ({string.Join(", ", values)})";
    }

    private static string Value(Column column) => (column.Category, column.Base) switch
    {
        ("N", _) => "1",
        ("B", _) => "true",
        ("S", _) => "'x'",
        ("D", _) => "now()",
        ("T", _) => "'1 second'",
        ("E", _) => $"(enum_range(null::{column.Type}))[1]",
        ("A", _) => "'{}'",
        ("R", _) => "'empty'",
        ("I", _) => "'127.0.0.1'",
        (_, "uuid") => "gen_random_uuid()",
        (_, "bytea") => "'\\x00'",
        (_, "json" or "jsonb") => "'{}'",
        _ => "null", // The server will say which column wants a value.
    };

    private sealed record Column(string Name, string Type, string Base, string Category);
}
