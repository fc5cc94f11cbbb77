using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Tributary.EmbeddedKafka.Server;

/// <summary>
/// Writes each entry as one line of JSON, as the services do. The generic host would cost the start its budget.
/// </summary>
internal sealed class LineLoggerFactory(TextWriter output, TimeProvider time) : ILoggerFactory
{
    private readonly Lock gate = new();

    public ILogger CreateLogger(string categoryName) => new LineLogger(this);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose() => output.Flush();

    private void Write(LogLevel level, string message, Exception? exception, object? state)
    {
        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString("timestamp", time.GetUtcNow());
            json.WriteString("level", level.ToString());
            json.WriteString("service", "kafka");
            json.WriteString("message", message);
            foreach (var (name, value) in state as IReadOnlyList<KeyValuePair<string, object?>> ?? [])
            {
                if (name != "{OriginalFormat}") json.WriteString(name, value?.ToString());
            }

            if (exception is not null) json.WriteString("exception", exception.ToString());
            json.WriteEndObject();
        }

        lock (gate) output.WriteLine(Encoding.UTF8.GetString(line.ToArray()));
    }

    private sealed class LineLogger(LineLoggerFactory factory) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?,
                string> formatter)
        {
            if (IsEnabled(logLevel)) factory.Write(logLevel, formatter(state, exception), exception, state);
        }
    }
}
