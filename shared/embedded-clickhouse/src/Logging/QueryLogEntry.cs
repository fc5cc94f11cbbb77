using System.Text.Json.Serialization;

namespace Tributary.EmbeddedClickHouse.Logging;

/// <summary>A row of <c>system.query_log</c>, named as ClickHouse names it.</summary>
internal sealed record QueryLogEntry
{
    public const string Started = "QueryStart";
    public const string Finished = "QueryFinish";
    public const string FailedBeforeStart = "ExceptionBeforeStart";
    public const string FailedWhileProcessing = "ExceptionWhileProcessing";

    [JsonPropertyName("type")]
    public required string Type { get; init; }

    [JsonPropertyName("event_time_microseconds")]
    public required DateTimeOffset EventTime { get; init; }

    [JsonPropertyName("query_start_time_microseconds")]
    public required DateTimeOffset StartTime { get; init; }

    [JsonPropertyName("query_duration_ms")]
    public ulong DurationMilliseconds { get; init; }

    [JsonPropertyName("read_rows")]
    public ulong ReadRows { get; init; }

    [JsonPropertyName("read_bytes")]
    public ulong ReadBytes { get; init; }

    [JsonPropertyName("written_rows")]
    public ulong WrittenRows { get; init; }

    [JsonPropertyName("written_bytes")]
    public ulong WrittenBytes { get; init; }

    [JsonPropertyName("result_rows")]
    public ulong ResultRows { get; init; }

    [JsonPropertyName("result_bytes")]
    public ulong ResultBytes { get; init; }

    [JsonPropertyName("memory_usage")]
    public ulong MemoryUsage { get; init; }

    [JsonPropertyName("current_database")]
    public string CurrentDatabase { get; init; } = "";

    [JsonPropertyName("query")]
    public required string Query { get; init; }

    [JsonPropertyName("query_kind")]
    public required string QueryKind { get; init; }

    [JsonPropertyName("exception_code")]
    public int ExceptionCode { get; init; }

    [JsonPropertyName("exception")]
    public string Exception { get; init; } = "";

    [JsonPropertyName("user")]
    public required string User { get; init; }

    [JsonPropertyName("query_id")]
    public required string QueryId { get; init; }

    [JsonPropertyName("address")]
    public string Address { get; init; } = "";

    [JsonPropertyName("port")]
    public int Port { get; init; }

    [JsonPropertyName("http_method")]
    public int HttpMethod { get; init; }

    [JsonPropertyName("http_user_agent")]
    public string HttpUserAgent { get; init; } = "";

    [JsonPropertyName("log_comment")]
    public string LogComment { get; init; } = "";

    /// <summary>Of the tables below.</summary>
    [JsonPropertyName("databases")]
    public IReadOnlyList<string> Databases { get; init; } = [];

    [JsonPropertyName("tables")]
    public IReadOnlyList<string> Tables { get; init; } = [];

    /// <summary>What the rows say, and for a query that took long, what was seen last while it ran.</summary>
    [JsonPropertyName("ProfileEvents")]
    public IReadOnlyDictionary<string, ulong> ProfileEvents { get; init; } = new Dictionary<string, ulong>();

    /// <summary>The query's parameters, which its text can't be parsed without. Not written.</summary>
    [JsonIgnore]
    public IReadOnlyList<KeyValuePair<string, string>> Parameters { get; init; } = [];

    [JsonPropertyName("Settings")]
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
