using System.Buffers;
using System.Text.Json;

namespace Tributary.Hosting.Logs;

/// <summary>A record is one line of JSON on standard output. See <see cref="JsonLine"/> for its fields.</summary>
[ProviderAlias("JsonLines")]
internal sealed class JsonLinesProvider(JsonLine format, LineWriter writer) : ILoggerProvider, ISupportExternalScope
{
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public ILogger CreateLogger(string categoryName) => new JsonLinesLogger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose() => writer.Dispose();

    private sealed class JsonLinesLogger(JsonLinesProvider provider, string category) : ILogger
    {
        [ThreadStatic]
        private static ArrayBufferWriter<byte>? _buffer;

        [ThreadStatic]
        private static Utf8JsonWriter? _json;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => provider._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            // Taken out while in use: a value whose text is made by code that logs comes back here.
            var buffer = Interlocked.Exchange(ref _buffer, value: null) ?? new(1_024);
            var json = Interlocked.Exchange(ref _json, value: null) ?? new(buffer, JsonLine.WriterOptions);
            json.Reset(buffer);

            var record = new LogRecord(logLevel, category, formatter(state, exception), exception);
            provider.Format(json, record, state as IEnumerable<KeyValuePair<string, object?>>);
            buffer.Write("\n"u8);
            provider.Write(buffer.WrittenSpan);

            buffer.ResetWrittenCount();
            (_buffer, _json) = (buffer, json);
        }
    }

    private void Format(
        Utf8JsonWriter json, in LogRecord record, IEnumerable<KeyValuePair<string, object?>>? fields) =>
        format.Write(json, record, fields, _scopes);

    private void Write(ReadOnlySpan<byte> line) => writer.Write(line);
}

internal readonly record struct LogRecord(LogLevel Level, string Category, string Message, Exception? Exception);
