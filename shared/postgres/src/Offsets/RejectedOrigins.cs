using Dapper;
using Npgsql;
using Tributary.Streaming;

namespace Tributary.Postgres.Offsets;

/// <summary>Which records went to dead letters, and which of them a retry applied: each at most once.</summary>
internal sealed class RejectedOrigins(string schema)
{
    private readonly string _insert = $"""
        insert into {schema}.rejected_origin (consumer, topic_id, partition, "offset")
        select @consumer, *
        from unnest(@topicIds, @partitions, @offsets)
        on conflict (consumer, topic_id, partition, "offset") do update set rejected_at = now()
        """;

    private readonly string _markApplied = $"""
        update {schema}.rejected_origin as rejected
        set applied_at = now()
        from unnest(@topicIds, @partitions, @offsets) as applied (topic_id, partition, "offset")
        where rejected.consumer = @consumer
          and rejected.topic_id = applied.topic_id
          and rejected.partition = applied.partition
          and rejected."offset" = applied."offset"
          and rejected.applied_at is null
        """;

    // Longer than a dead letter can come back: 30 days in its topic and 30 days in the retry topic.
    private readonly string _deleteExpired = $"""
        delete from {schema}.rejected_origin
        where ctid = any(array(
            select ctid
            from {schema}.rejected_origin
            where rejected_at < now() - interval '90 days'
            limit 100
            for update skip locked))
        """;

    public async Task KeepAsync(NpgsqlTransaction transaction, BatchSpan span, CancellationToken cancellationToken)
    {
        if (span.Applied.Count > 0)
        {
            var applied = span.Applied.Distinct().ToList();
            var marked = await ExecuteAsync(_markApplied, Columns(span.Consumer, applied));
            if (marked != applied.Count) throw new AnotherOwnerException(span);
        }

        if (span.Rejected.Count > 0)
        {
            await ExecuteAsync(_insert, Columns(span.Consumer, [.. span.Rejected.Distinct()]));
            await ExecuteAsync(_deleteExpired, null);
        }

        Task<int> ExecuteAsync(string sql, object? parameters) => transaction.Connection!.ExecuteAsync(
            new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellationToken));
    }

    public static object Columns(string consumer, IReadOnlyCollection<Origin> origins) => new
    {
        consumer,
        topicIds = origins.Select(origin => origin.TopicId).ToArray(),
        partitions = origins.Select(origin => origin.Partition).ToArray(),
        offsets = origins.Select(origin => origin.Offset).ToArray(),
    };
}
