using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Tributary.EmbeddedClickHouse.Engine;

namespace Tributary.EmbeddedClickHouse.Logging;

/// <summary>
/// Keeps what ran, because this engine keeps no log. Written in batches by one reader of a bounded queue; when that is
/// full, entries are left out and counted in a log line, and queries go on.
/// </summary>
internal sealed partial class QueryLog(EngineHost engine, IOptions<EmbeddedClickHouseOptions> options,
    ILogger<QueryLog> logger) : BackgroundService
{
    private const int QueueMax = 16 * 1024;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly JsonSerializerOptions Json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new MicrosecondTime() },
    };

    private readonly Channel<object> queue = Channel.CreateBounded<object>(
        new BoundedChannelOptions(QueueMax) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    private readonly QueryTables tables = new();
    private long leftOut;

    public void Add(QueryLogEntry entry)
    {
        if (queue.Reader.Count < QueueMax - 1) queue.Writer.TryWrite(entry);
        else Interlocked.Increment(ref leftOut);
    }

    /// <summary>Returns when everything added so far can be queried.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        var flush = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await queue.Writer.WriteAsync(flush, cancellationToken);
        await flush.Task.WaitAsync(cancellationToken);
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        using var connection = engine.Open([]);
        foreach (var statement in QueryLogTable.Statements(options.Value.QueryLogDays)) connection.Run(statement);
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<QueryLogEntry>();
        var flushes = new List<TaskCompletionSource>();
        while (await queue.Reader.WaitToReadAsync(stoppingToken))
        {
            using var interval = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            interval.CancelAfter(Interval);
            while (flushes.Count == 0 && batch.Count < QueueMax && await NextAsync(interval.Token) is { } item)
            {
                if (item is QueryLogEntry entry) batch.Add(entry);
                else flushes.Add((TaskCompletionSource)item);
            }

            Write(batch);
            batch.Clear();
            flushes.ForEach(flush => flush.TrySetResult());
            flushes.Clear();
        }
    }

    private async ValueTask<object?> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await queue.Reader.ReadAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return null; // The interval is over, or the process ends: what is there is written.
        }
    }

    private void Write(List<QueryLogEntry> batch)
    {
        if (Interlocked.Exchange(ref leftOut, 0) is > 0 and var count) LeftOut(count);
        if (batch.Count == 0) return;
        try
        {
            using var connection = engine.Open([new("date_time_input_format", "best_effort")]);
            tables.Begin(connection);
            var named = batch.ConvertAll(entry => tables.Named(connection, entry));
            using var insert = connection.Insert(QueryLogTable.Insert, "JSONEachRow", []);
            foreach (var entry in named) insert.Append(JsonSerializer.SerializeToUtf8Bytes(entry, Json));
            insert.Finish();
        }
        catch (EngineException exception)
        {
            NotWritten(exception, batch.Count);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Left {Count} entries out of the query log: its queue was full")]
    private partial void LeftOut(long count);

    [LoggerMessage(LogLevel.Warning, "Could not write {Count} entries of the query log")]
    private partial void NotWritten(Exception exception, int count);

    private sealed class MicrosecondTime : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert,
            JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(
                value.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));
    }
}
