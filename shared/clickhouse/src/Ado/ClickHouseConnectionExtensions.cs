using System.Data;
using System.Data.Common;

namespace Tributary.ClickHouse;

/// <summary>One-line questions, under the names that users of ClickHouse.Client know.</summary>
public static class ClickHouseConnectionExtensions
{
    /// <summary>Runs a statement that gives no rows.</summary>
    public static async Task ExecuteStatementAsync(this ClickHouseConnection connection, string statement,
        CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand(statement);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The first value of the first row; null when there is none.</summary>
    public static async Task<object?> ExecuteScalarAsync(this ClickHouseConnection connection, string statement,
        CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand(statement);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    /// <summary>The rows, read while the query runs; disposing of the reader early ends it.</summary>
    public static async Task<DbDataReader> ExecuteReaderAsync(this ClickHouseConnection connection, string statement,
        CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand(statement);
        return await command.ExecuteReaderAsync(cancellationToken);
    }

    /// <summary>All rows at once.</summary>
    public static async Task<DataTable> ExecuteDataTableAsync(this ClickHouseConnection connection, string statement,
        CancellationToken cancellationToken)
    {
        await using var reader = await connection.ExecuteReaderAsync(statement, cancellationToken);
        var table = new DataTable { Locale = System.Globalization.CultureInfo.InvariantCulture };
        table.Load(reader);
        return table;
    }

    /// <summary>Adds a value for <c>{name:Type}</c> or <c>@name</c>.</summary>
    public static ClickHouseDbParameter AddParameter(this ClickHouseCommand command, string name, object? value) =>
        command.Parameters.AddWithValue(name, value);

    /// <summary>Adds a value whose own type would not do.</summary>
    public static ClickHouseDbParameter AddParameter(this ClickHouseCommand command, string name, string type,
        object? value)
    {
        var parameter = command.Parameters.AddWithValue(name, value);
        parameter.ClickHouseType = type;
        return parameter;
    }
}
