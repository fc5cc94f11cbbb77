using System.Text.Json;
using Dapper;
using Npgsql;
using Tributary.Streaming;

namespace Tributary.Operations.Offsets;

/// <summary>The services' tables <c>kafka_offset</c>, each under the role that owns it.</summary>
internal sealed class OffsetTables(NpgsqlDataSource database)
{
    private const string FindTables = """
        select namespace.nspname as Service, pg_get_userbyid(class.relowner) as Owner
        from pg_class as class
        join pg_namespace as namespace on namespace.oid = class.relnamespace
        where class.relname = 'kafka_offset'
          and class.relkind = 'r'
        order by namespace.nspname
        """;

    private static string LoadFrom(string schema) => $"""
        select consumer as Consumer, topic as Topic, topic_id as TopicId, partition as Partition,
               next_offset as NextOffset, positions::text as Positions
        from {schema}.kafka_offset
        order by consumer, topic, partition, moved_at
        """;

    // Only from what was shown: a reader that moves on meanwhile is not stopped, and needs nothing to be accepted.
    private static string MoveIn(string schema) => $"""
        update {schema}.kafka_offset
        set topic_id = @toTopicId, next_offset = @to, moved_at = now()
        where consumer = @consumer
          and topic_id = @topicId
          and partition = @partition
          and next_offset = @from
        """;

    public async Task<IReadOnlyList<OffsetRow>> LoadAsync(string? service, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var tables = await TablesAsync(connection, service, cancellationToken);
        List<OffsetRow> rows = [];
        foreach (var table in tables)
        {
            await using var transaction = await AsOwnerAsync(connection, table, cancellationToken);
            var found = await connection.QueryAsync<Row>(new CommandDefinition(
                LoadFrom(Quoted(table.Service)), transaction: transaction,
                cancellationToken: cancellationToken));
            rows.AddRange(found.Select(row => row.Of(table.Service)));
        }
        return rows;
    }

    /// <summary>All of the moves, or none.</summary>
    public async Task MoveAsync(
        string service, IReadOnlyList<OffsetMove> moves, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var table = (await TablesAsync(connection, service, cancellationToken)).Single();
        await using var transaction = await AsOwnerAsync(connection, table, cancellationToken);
        foreach (var (row, topicId, to) in moves)
        {
            var moved = await connection.ExecuteAsync(new CommandDefinition(
                MoveIn(Quoted(service)),
                new
                {
                    consumer = row.Consumer,
                    topicId = row.Stored.TopicId,
                    partition = row.Stored.Partition,
                    from = row.Stored.NextOffset,
                    toTopicId = topicId,
                    to,
                },
                transaction,
                cancellationToken: cancellationToken));
            if (moved != 1)
                throw new OperationRefusedException(
                    $"{row.Consumer} moved {row.Topic}[{row.Stored.Partition}] meanwhile; nothing was changed");
        }
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<IReadOnlyList<Table>> TablesAsync(
        NpgsqlConnection connection, string? service, CancellationToken cancellationToken)
    {
        var all = await connection.QueryAsync<Table>(
            new CommandDefinition(FindTables, cancellationToken: cancellationToken));
        Table[] tables = [.. all.Where(table => service is null || table.Service == service)];
        if (tables.Length == 0)
            throw new OperationRefusedException(
                service is null ? "no service keeps offsets here" : $"service {service} keeps no offsets here");
        return tables;
    }

    /// <summary>The role ends with the transaction.</summary>
    private static async Task<NpgsqlTransaction> AsOwnerAsync(
        NpgsqlConnection connection, Table table, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            $"set local role {Quoted(table.Owner)}", transaction: transaction, cancellationToken: cancellationToken));
        return transaction;
    }

    private static string Quoted(string name) => new NpgsqlCommandBuilder().QuoteIdentifier(name);

    private sealed record Table(string Service, string Owner);

    private sealed record Row(
        string Consumer, string Topic, Guid TopicId, int Partition, long NextOffset, string Positions)
    {
        public OffsetRow Of(string service) => new(service, Consumer, Topic, new StoredOffset(
            TopicId, Partition, NextOffset, JsonSerializer.Deserialize<Dictionary<Guid, long>>(Positions)!));
    }
}

/// <summary>A stored offset, and whose it is.</summary>
internal sealed record OffsetRow(string Service, string Consumer, string Topic, StoredOffset Stored);

internal sealed record OffsetMove(OffsetRow Row, Guid TopicId, long To);
