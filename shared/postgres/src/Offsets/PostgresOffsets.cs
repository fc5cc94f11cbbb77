using System.Text.Json;
using Dapper;
using Npgsql;
using Tributary.Streaming;

namespace Tributary.Postgres.Offsets;

/// <summary>A service's offsets, in the table <c>kafka_offset</c> of its schema. Thread-safe.</summary>
public sealed class PostgresOffsets(ServiceDatabase database) : IOffsetStore
{
    private const string Load = """
        select topic_id as TopicId, partition as Partition, next_offset as NextOffset, positions::text as Positions
        from kafka_offset
        where consumer = @consumer
          and topic = @topic
          and partition = any(@partitions)
        """;

    private const string Begin = """
        insert into kafka_offset (consumer, topic, topic_id, partition, next_offset)
        values (@consumer, @topic, @topicId, @partition, @earliest)
        on conflict (consumer, topic_id, partition) do nothing
        """;

    private const string ReadOne = """
        select topic_id as TopicId, partition as Partition, next_offset as NextOffset, positions::text as Positions
        from kafka_offset
        where consumer = @consumer
          and topic_id = @topicId
          and partition = @partition
        """;

    // From the stored start and from nowhere else: "next_offset < @end" lets an old owner's overlapping batch through.
    // The schema is named, so that a transaction of another service is refused.
    private readonly string _advance = $"""
        update {database.Service}.kafka_offset
        set next_offset = @end, positions = @positions::jsonb, moved_at = now()
        where consumer = @consumer
          and topic_id = @topicId
          and partition = @partition
          and next_offset = @start
        """;

    private const string OpenOrigins = """
        select topic_id as TopicId, partition as Partition, "offset" as Offset
        from rejected_origin
        join unnest(@topicIds, @partitions, @offsets) as asked (topic_id, partition, "offset")
            using (topic_id, partition, "offset")
        where consumer = @consumer
          and applied_at is null
        """;

    private readonly RejectedOrigins _rejected = new(database.Service);

    public async ValueTask<IReadOnlyList<StoredOffset>> LoadAsync(
        string consumer, string topic, IReadOnlyCollection<int> partitions, CancellationToken cancellationToken)
    {
        await using var connection = await database.Consumers.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            Load, new { consumer, topic, partitions = partitions.ToArray() }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToStored())];
    }

    public async ValueTask<StoredOffset> BeginAsync(
        string consumer, string topic, Guid topicId, int partition, long earliest, CancellationToken cancellationToken)
    {
        var place = new { consumer, topic, topicId, partition, earliest };
        await using var connection = await database.Consumers.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(Begin, place, cancellationToken: cancellationToken));
        var row = await connection.QuerySingleAsync<Row>(
            new CommandDefinition(ReadOne, place, cancellationToken: cancellationToken));
        return row.ToStored();
    }

    public async ValueTask<IReadOnlySet<Origin>> OpenOriginsAsync(
        string consumer, IReadOnlyCollection<Origin> origins, CancellationToken cancellationToken)
    {
        await using var connection = await database.Consumers.OpenConnectionAsync(cancellationToken);
        var open = await connection.QueryAsync<Origin>(new CommandDefinition(
            OpenOrigins, RejectedOrigins.Columns(consumer, origins), cancellationToken: cancellationToken));
        return open.ToHashSet();
    }

    /// <summary>
    /// Moves the stored offset over a batch, in the transaction that keeps the batch's rows, and keeps what the batch
    /// rejected and which retried records it applied.
    /// </summary>
    /// <exception cref="AnotherOwnerException">
    /// The offset is no longer where the batch starts, or a retried record was applied meanwhile. Roll back.
    /// </exception>
    public async Task AdvanceAsync(NpgsqlTransaction transaction, BatchSpan span, CancellationToken cancellationToken)
    {
        var moved = await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            _advance,
            new
            {
                consumer = span.Consumer,
                topicId = span.TopicId,
                partition = span.Partition,
                start = span.Start,
                end = span.End,
                positions = JsonSerializer.Serialize(span.Positions),
            },
            transaction,
            cancellationToken: cancellationToken));
        if (moved != 1) throw new AnotherOwnerException(span);

        await _rejected.KeepAsync(transaction, span, cancellationToken);
    }

    private sealed record Row(Guid TopicId, int Partition, long NextOffset, string Positions)
    {
        public StoredOffset ToStored() =>
            new(TopicId, Partition, NextOffset, JsonSerializer.Deserialize<Dictionary<Guid, long>>(Positions)!);
    }
}
