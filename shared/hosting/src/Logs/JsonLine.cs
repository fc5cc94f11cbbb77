using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tributary.Hosting.Logs;

/// <summary>
/// timestamp, level, service, category, message, trace_id, span_id, then the named fields of the record and its scopes
/// in snake_case, then exception. A field that takes one of those names is written with an underscore before it.
/// </summary>
internal sealed class JsonLine(string service, int fieldLengthMax, TimeProvider time)
{
    public static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // Lines are read by log stores, not by browsers.
        SkipValidation = true,
    };

    private const int NamesMax = 4_096;
    private const int FieldsMax = 64;

    private static readonly FrozenSet<string> Reserved = new[]
    {
        "timestamp", "level", "service", "category", "message", "trace_id", "span_id", "exception",
    }.ToFrozenSet();

    private static readonly FrozenSet<string> LeftOut = new[]
    {
        "{OriginalFormat}", "SpanId", "TraceId", "ParentId", "ConnectionId", "RequestId",
    }.ToFrozenSet(); // Of ASP.NET Core's scopes: told by trace_id, or noise.

    private readonly ConcurrentDictionary<string, string> _names = new();

    public void Write(
        Utf8JsonWriter json,
        in LogRecord record,
        IEnumerable<KeyValuePair<string, object?>>? fields,
        IExternalScopeProvider scopes)
    {
        json.WriteStartObject();
        json.WriteString("timestamp"u8, time.GetUtcNow().UtcDateTime);
        json.WriteString("level"u8, Level(record.Level));
        json.WriteString("service"u8, service);
        json.WriteString("category"u8, record.Category);
        json.WriteString("message"u8, Cut(record.Message));
        if (Activity.Current is { } activity)
        {
            json.WriteString("trace_id"u8, activity.TraceId.ToHexString());
            json.WriteString("span_id"u8, activity.SpanId.ToHexString());
        }
        var written = new WrittenFields(json);
        foreach (var field in fields ?? []) Field(written, field);
        scopes.ForEachScope(Scope, written);
        if (record.Exception is { } thrown) json.WriteString("exception"u8, Cut(thrown.ToString()));
        json.WriteEndObject();
        json.Flush();
    }

    private void Scope(object? scope, WrittenFields written)
    {
        if (scope is not IEnumerable<KeyValuePair<string, object?>> fields) return;
        foreach (var field in fields) Field(written, field);
    }

    private void Field(WrittenFields written, KeyValuePair<string, object?> field)
    {
        if (LeftOut.Contains(field.Key)) return;
        var name = Name(field.Key);
        if (!written.TryTake(name)) return;

        written.Json.WritePropertyName(name);
        Value(written.Json, field.Value);
    }

    private void Value(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case int number: json.WriteNumberValue(number); break;
            case long number: json.WriteNumberValue(number); break;
            case double number when double.IsFinite(number): json.WriteNumberValue(number); break;
            case decimal number: json.WriteNumberValue(number); break;
            case string text: json.WriteStringValue(Cut(text)); break;
            case DateTimeOffset at: json.WriteStringValue(at.UtcDateTime); break;
            default: json.WriteStringValue(Cut(Text(value))); break;
        }
    }

    private static string Text(object value) => value is IFormattable plain
        ? plain.ToString(null, CultureInfo.InvariantCulture)
        : value.ToString() ?? "";

    private string Cut(string text) => text.Length <= fieldLengthMax ? text : $"{text[..fieldLengthMax]}… (cut)";

    private string Name(string field)
    {
        if (_names.TryGetValue(field, out var known)) return known;

        var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(field.TrimStart('@'));
        if (Reserved.Contains(name)) name = $"_{name}";
        if (_names.Count < NamesMax) _names.TryAdd(field, name);
        return name;
    }

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        _ => "critical",
    };

    /// <summary>JSON with a name twice is read differently by every reader: the first, innermost one is kept.</summary>
    private sealed class WrittenFields(Utf8JsonWriter json)
    {
        private readonly List<string> _names = [];

        public Utf8JsonWriter Json => json;

        public bool TryTake(string name)
        {
            if (_names.Count >= FieldsMax || _names.Contains(name)) return false;
            _names.Add(name);
            return true;
        }
    }
}
