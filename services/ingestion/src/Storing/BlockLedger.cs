using Dapper;
using Tributary.Postgres;
using Tributary.Postgres.Offsets;
using Tributary.Streaming;

namespace Tributary.Ingestion.Storing;

/// <summary>
/// The table <c>block_ledger</c>: the exact bounds of each partition's block, written down before it is inserted and
/// marked after. The positions at its start are those of <c>kafka_offset</c>, which moves only with the mark. Also the
/// writer's offsets, which say where the block ends that has to be repeated. Thread-safe.
/// </summary>
internal sealed class BlockLedger(ServiceDatabase database, PostgresOffsets offsets) : IOffsetStore
{
    private const string LoadPending = """
        select topic_id as TopicId, partition as Partition, first_offset as First, next_offset as Next
        from block_ledger
        where consumer = @consumer
          and partition = any(@partitions)
          and inserted_at is null
        """;

    // The offset's row is locked first, as the mark does: it can't move between this look at it and the block's row.
    // A pending block that begins elsewhere is of before an operator moved the offset, and is nobody's.
    private const string WriteDown = """
        with here as (
            select consumer, topic_id, partition, next_offset
            from kafka_offset
            where consumer = @consumer
              and topic_id = @topicId
              and partition = @partition
              and next_offset = @start
            for update)
        insert into block_ledger as block (consumer, topic_id, partition, first_offset, next_offset)
        select consumer, topic_id, partition, next_offset, @end
        from here
        on conflict (consumer, topic_id, partition) do update
        set first_offset = excluded.first_offset, next_offset = excluded.next_offset,
            written_down_at = now(), inserted_at = null
        where block.inserted_at is not null
           or block.first_offset <> excluded.first_offset
           or block.next_offset = excluded.next_offset
        """;

    private const string IsStillPending = """
        select exists (
            select
            from block_ledger
            join kafka_offset using (consumer, topic_id, partition)
            where consumer = @consumer
              and topic_id = @topicId
              and partition = @partition
              and first_offset = @start
              and block_ledger.next_offset = @end
              and kafka_offset.next_offset = @start
              and inserted_at is null)
        """;

    private const string Mark = """
        update block_ledger
        set inserted_at = now()
        where consumer = @consumer
          and topic_id = @topicId
          and partition = @partition
          and first_offset = @start
          and next_offset = @end
          and inserted_at is null
        """;

    public async ValueTask<IReadOnlyList<StoredOffset>> LoadAsync(
        string consumer, string topic, IReadOnlyCollection<int> partitions, CancellationToken cancellationToken)
    {
        var pending = await PendingAsync(consumer, partitions, cancellationToken);
        // A block that another owner marks in between does not begin where the offset now is, and binds no one.
        var stored = await offsets.LoadAsync(consumer, topic, partitions, cancellationToken);
        return
        [
            .. stored.Select(place => pending.FirstOrDefault(block => block.IsAt(place)) is { } block
                ? place with { BatchEnd = block.Next }
                : place),
        ];
    }

    public ValueTask<StoredOffset> BeginAsync(
        string consumer, string topic, Guid topicId, int partition, long earliest,
        CancellationToken cancellationToken) =>
        offsets.BeginAsync(consumer, topic, topicId, partition, earliest, cancellationToken);

    public ValueTask<IReadOnlySet<Origin>> OpenOriginsAsync(
        string consumer, IReadOnlyCollection<Origin> origins, CancellationToken cancellationToken) =>
        offsets.OpenOriginsAsync(consumer, origins, cancellationToken);

    /// <summary>From its return on, this block and no other is the partition's next.</summary>
    /// <exception cref="AnotherOwnerException">
    /// The stored offset is elsewhere, or another block is written down.
    /// </exception>
    public async Task WriteDownAsync(BatchSpan span, CancellationToken cancellationToken)
    {
        await using var work = await database.ForOrganisationsAsync([], cancellationToken);
        if (await work.ExecuteAsync(WriteDown, Bounds(span), cancellationToken) != 1)
            throw new AnotherOwnerException(span);
        await work.CommitAsync(cancellationToken);
    }

    /// <summary>Whether the block is still to be inserted, by whoever has it.</summary>
    public async Task<bool> IsPendingAsync(BatchSpan span, CancellationToken cancellationToken)
    {
        await using var work = await database.ForOrganisationsAsync([], cancellationToken);
        var pending = await work.QueryAsync<bool>(IsStillPending, Bounds(span), cancellationToken);
        await work.CommitAsync(cancellationToken);
        return pending[0];
    }

    /// <summary>Moves the stored offset over the block and marks it, together.</summary>
    /// <exception cref="AnotherOwnerException">Another owner has marked it. Nothing is lost.</exception>
    public async Task MarkInsertedAsync(BatchSpan span, CancellationToken cancellationToken)
    {
        await using var work = await database.ForOrganisationsAsync([], cancellationToken);
        await offsets.AdvanceAsync(work.Transaction, span, cancellationToken);
        if (await work.ExecuteAsync(Mark, Bounds(span), cancellationToken) != 1) throw new AnotherOwnerException(span);
        await work.CommitAsync(cancellationToken);
    }

    /// <summary>Moves the stored offset over records of which no row is made.</summary>
    public async Task PassAsync(BatchSpan span, CancellationToken cancellationToken)
    {
        await using var work = await database.ForOrganisationsAsync([], cancellationToken);
        await offsets.AdvanceAsync(work.Transaction, span, cancellationToken);
        await work.CommitAsync(cancellationToken);
    }

    /// <summary>Gives its connection back before another one is taken: who holds one may not wait for one.</summary>
    private async Task<IReadOnlyList<PendingBlock>> PendingAsync(
        string consumer, IReadOnlyCollection<int> partitions, CancellationToken cancellationToken)
    {
        await using var work = await database.ForOrganisationsAsync([], cancellationToken);
        var pending = await work.QueryAsync<PendingBlock>(
            LoadPending, new { consumer, partitions = partitions.ToArray() }, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return pending;
    }

    private static object Bounds(BatchSpan span) => new
    {
        consumer = span.Consumer,
        topicId = span.TopicId,
        partition = span.Partition,
        start = span.Start,
        end = span.End,
    };

    private sealed record PendingBlock(Guid TopicId, int Partition, long First, long Next)
    {
        public bool IsAt(StoredOffset place) =>
            (TopicId, Partition, First) == (place.TopicId, place.Partition, place.NextOffset);
    }
}
