using System.Data;
using System.Data.Common;
using Tributary.ClickHouse.Native;

namespace Tributary.ClickHouse;

/// <summary>
/// Writes many rows of a table in blocks. Rows are read from the caller as they are sent, at most a block at a time;
/// one block is under way at once, in order.
/// </summary>
public sealed class ClickHouseBulkCopy(ClickHouseConnection connection) : IDisposable
{
    private Block? block;

    /// <summary>The table, as a statement writes it.</summary>
    public required string DestinationTableName { get; init; }

    /// <summary>
    /// The columns of the rows that are given, in their order; all of the table's when none is named.
    /// </summary>
    public IReadOnlyCollection<string> ColumnNames { get; init; } = [];

    public int BatchSize { get; init; } = 100_000;

    public long RowsWritten { get; private set; }

    /// <summary>
    /// Gives each block, by its number from 0, the token that the server knows it by; none by default.
    /// </summary>
    public Func<int, string>? DeduplicationToken { get; init; }

    /// <summary>Asks for the columns' types. Called by the first write if it was not.</summary>
    public async Task InitAsync(CancellationToken cancellationToken)
    {
        var types = new Dictionary<string, string>();
        await using var reader = await connection.Client.QueryAsync($"describe table {DestinationTableName}",
            options: null,
            cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (names, kinds) = (reader.Block.Column<string>("name"), reader.Block.Column<string>("default_type"));
            for (var row = 0; row < reader.Block.RowCount; row++)
            {
                if (kinds[row] is "ALIAS" or "MATERIALIZED") continue; // The server makes those itself.
                types.Add(names[row], reader.Block.Column<string>("type")[row]);
            }
        }

        var wanted = ColumnNames.Count == 0 ? types.Keys.ToArray() : [.. ColumnNames];
        block = Block.Of([.. wanted.Select(name => types.TryGetValue(name, out var type) ? (name, type)
            : throw new ArgumentException($"{DestinationTableName} has no column '{name}' to write to."))]);
    }

    public async Task WriteToServerAsync(IEnumerable<object?[]> rows, CancellationToken cancellationToken)
    {
        if (block is null) await InitAsync(cancellationToken);

        var number = 0;
        foreach (var row in rows)
        {
            if (row.Length != block!.ColumnCount) throw new ArgumentException(
                $"A row has {row.Length} values of {block.ColumnCount}.", nameof(rows));
            for (var index = 0; index < row.Length; index++) block[index].AddValue(row[index]);
            if (block.RowCount >= BatchSize) await SendAsync(number++, cancellationToken);
        }

        if (block!.RowCount > 0) await SendAsync(number, cancellationToken);
    }

    public Task WriteToServerAsync(DbDataReader reader, CancellationToken cancellationToken) =>
        WriteToServerAsync(Rows(reader), cancellationToken);

    public Task WriteToServerAsync(DataTable table, CancellationToken cancellationToken) =>
        WriteToServerAsync(table.Rows.Cast<DataRow>().Select(row => row.ItemArray), cancellationToken);

    public void Dispose() => block = null;

    private static IEnumerable<object?[]> Rows(DbDataReader reader)
    {
        while (reader.Read())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            yield return row;
        }
    }

    private async Task SendAsync(int number, CancellationToken cancellationToken)
    {
        var options = new InsertOptions { DeduplicationToken = DeduplicationToken?.Invoke(number) ?? "" };
        await connection.Client.InsertAsync(DestinationTableName, block!, options, cancellationToken);
        RowsWritten += block!.RowCount;
        block.Clear();
    }
}
