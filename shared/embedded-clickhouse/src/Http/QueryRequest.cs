using System.Globalization;
using Microsoft.AspNetCore.Http;
using Tributary.EmbeddedClickHouse.Engine;

namespace Tributary.EmbeddedClickHouse.Http;

/// <summary>What a request asks for, besides its text: everything from its address, its headers and its form.</summary>
internal sealed class QueryRequest
{
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "query", "database", "default_format", "query_id", "session_id", "session_timeout", "session_check", "user",
        "password", "quota_key", "compress", "decompress", "wait_end_of_query", "buffer_size", "stacktrace", "role",
        "close_session", "client_protocol_version",
    };

    public string QueryId { get; private init; } = "";

    public string Query { get; private init; } = "";

    public string Database { get; private init; } = "";

    public string DefaultFormat { get; private init; } = "";

    public string SessionId { get; private init; } = "";

    public TimeSpan SessionTimeout { get; private init; }

    public bool SessionMustExist { get; private init; }

    public bool CloseSession { get; private init; }

    public bool Compress { get; private init; }

    public bool Decompress { get; private init; }

    public bool WaitForEnd { get; private init; }

    public int BufferSize { get; private init; }

    public IReadOnlyList<KeyValuePair<string, string>> Settings { get; private init; } = [];

    public IReadOnlyList<KeyValuePair<string, string>> Parameters { get; private init; } = [];

    public static QueryRequest Read(HttpRequest request, RequestForm form, EmbeddedClickHouseOptions options)
    {
        var given = request.Query.SelectMany(entry =>
            entry.Value.Select(value => KeyValuePair.Create(entry.Key, value ?? "")))
            .Concat(form.Fields).Where(entry => !form.Own.Contains(entry.Key)).ToList();
        string Value(string name) => given.FirstOrDefault(entry => entry.Key == name).Value ?? "";
        string Or(string name, string header) =>
            Value(name) is { Length: > 0 } value ? value : request.Headers[header].ToString();

        if (Value("role").Length > 0)
        {
            throw new EngineException(512, "SET_NON_GRANTED_ROLE", $"Role {Value("role")} should be granted to set");
        }

        return new QueryRequest
        {
            QueryId = Value("query_id") is { Length: > 0 } id ? id : Guid.NewGuid().ToString(),
            Query = string.Concat(given.Where(entry => entry.Key == "query").Select(entry => entry.Value)),
            Database = Or("database", "X-ClickHouse-Database"),
            DefaultFormat = Or("default_format", "X-ClickHouse-Format"),
            SessionId = Value("session_id"),
            SessionTimeout = Timeout(Value("session_timeout"), options.SessionTimeoutMax),
            SessionMustExist = Flag(Value("session_check")),
            CloseSession = Flag(Value("close_session")),
            Compress = Flag(Value("compress")),
            Decompress = Flag(Value("decompress")),
            WaitForEnd = Flag(Value("wait_end_of_query")),
            BufferSize = int.TryParse(Value("buffer_size"), out var size) ? Math.Clamp(size, 0, 64 * 1024 * 1024) : 0,
            Parameters = [.. given.Where(entry => entry.Key.StartsWith("param_", StringComparison.Ordinal))
                .Select(entry => KeyValuePair.Create(entry.Key["param_".Length..], entry.Value))],
            Settings = [.. given.Where(IsSetting)],
        };
    }

    /// <summary>A setting's value as given, or empty.</summary>
    public string Setting(string name) => Settings.LastOrDefault(setting => setting.Key == name).Value ?? "";

    public static bool Flag(string value) => value is "1" or "true" or "True";

    private static bool IsSetting(KeyValuePair<string, string> entry) =>
        !Reserved.Contains(entry.Key) && !entry.Key.StartsWith("param_", StringComparison.Ordinal);

    private static TimeSpan Timeout(string text, TimeSpan max)
    {
        if (text.Length == 0) return TimeSpan.FromSeconds(60);
        if (!uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            throw new EngineException(374, "INVALID_SESSION_TIMEOUT", $"Invalid session timeout: '{text}'");
        }

        if (seconds > max.TotalSeconds)
        {
            throw new EngineException(374, "INVALID_SESSION_TIMEOUT",
                $"Session timeout '{seconds}' is larger than max_session_timeout: {max.TotalSeconds}. "
                + "Maximum session timeout could be modified in configuration file.");
        }

        return TimeSpan.FromSeconds(seconds);
    }
}
