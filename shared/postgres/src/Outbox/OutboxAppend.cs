using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Tributary.Postgres.Outbox;

/// <summary>Takes positions and inserts the messages with them, in one statement; only a commit follows it.</summary>
internal static class OutboxAppend
{
    private const string Append = "select outbox_append($1, $2, $3, $4)";

    public static async Task ExecuteAsync(
        Work work, IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Append, work.Connection, work.Transaction);
        Add(command, NpgsqlDbType.Text, [.. messages.Select(message => message.Topic)]);
        Add(command, NpgsqlDbType.Bytea, [.. messages.Select(message => message.Key)]);
        Add(command, NpgsqlDbType.Bytea, [.. messages.Select(message => message.Value)]);
        Add(command, NpgsqlDbType.Jsonb, [.. messages.Select(message => JsonSerializer.Serialize(message.Headers))]);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static void Add<TItem>(NpgsqlCommand command, NpgsqlDbType type, TItem[] column) =>
        command.Parameters.Add(new NpgsqlParameter { Value = column, NpgsqlDbType = NpgsqlDbType.Array | type });
}
