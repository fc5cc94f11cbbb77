namespace Tributary.EmbeddedClickHouse.Logging;

/// <summary>The log's table, and the view that lets it be queried where ClickHouse has it.</summary>
internal static class QueryLogTable
{
    public static ReadOnlySpan<byte> Insert => "insert into embedded.query_log"u8;

    /// <summary>Idempotent; run at every start, because the engine's own database lives in memory.</summary>
    public static IEnumerable<string> Statements(int days) =>
    [
        "create database if not exists embedded engine = Atomic",
        Table,
        AddColumns,
        $"alter table embedded.query_log modify ttl event_date + interval {days} day",
        "create or replace view system.query_log as select * from embedded.query_log",
    ];

    /// <summary>What a folder of an earlier version lacks.</summary>
    private const string AddColumns = """
        alter table embedded.query_log
            add column if not exists databases Array(LowCardinality(String)) after log_comment,
            add column if not exists tables Array(LowCardinality(String)) after databases,
            add column if not exists ProfileEvents Map(LowCardinality(String), UInt64) after tables
        """;

    private const string Table = """
        create table if not exists embedded.query_log
        (
            type Enum8('QueryStart' = 1, 'QueryFinish' = 2, 'ExceptionBeforeStart' = 3, 'ExceptionWhileProcessing' = 4),
            event_date Date default toDate(event_time_microseconds),
            event_time DateTime default toDateTime(event_time_microseconds),
            event_time_microseconds DateTime64(6),
            query_start_time DateTime default toDateTime(query_start_time_microseconds),
            query_start_time_microseconds DateTime64(6),
            query_duration_ms UInt64,
            read_rows UInt64,
            read_bytes UInt64,
            written_rows UInt64,
            written_bytes UInt64,
            result_rows UInt64,
            result_bytes UInt64,
            memory_usage UInt64,
            current_database LowCardinality(String),
            query String,
            normalized_query_hash UInt64 default normalizedQueryHash(query),
            query_kind LowCardinality(String),
            exception_code Int32,
            exception String,
            is_initial_query UInt8 default 1,
            user LowCardinality(String),
            query_id String,
            initial_user LowCardinality(String) default user,
            initial_query_id String default query_id,
            address String,
            port UInt16,
            interface UInt8 default 2,
            http_method UInt8,
            http_user_agent LowCardinality(String),
            log_comment String,
            databases Array(LowCardinality(String)),
            tables Array(LowCardinality(String)),
            ProfileEvents Map(LowCardinality(String), UInt64),
            Settings Map(LowCardinality(String), String)
        )
        engine = MergeTree
        partition by toYYYYMM(event_date)
        order by (event_date, event_time)
        ttl event_date + interval 30 day
        """;
}
