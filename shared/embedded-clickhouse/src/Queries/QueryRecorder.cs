using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Tributary.EmbeddedClickHouse.Engine;
using Tributary.EmbeddedClickHouse.Http;
using Tributary.EmbeddedClickHouse.Logging;
using Tributary.EmbeddedClickHouse.Statements;

namespace Tributary.EmbeddedClickHouse.Queries;

/// <summary>Writes a query's start and end into the log.</summary>
internal sealed class QueryRecorder(QueryLog log, IOptions<EmbeddedClickHouseOptions> options, TimeProvider time)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
    };

    public EmbeddedClickHouseOptions Options => options.Value;

    public TimeProvider Time => time;

    public Record Begin(HttpContext context, Exchange exchange)
    {
        var now = time.GetUtcNow();
        var text = exchange.Body.Text;
        return new Record(log, time, exchange.Progress, new QueryLogEntry
        {
            Type = QueryLogEntry.Started,
            EventTime = now,
            StartTime = now,
            Query = text,
            QueryKind = exchange.Statement is Statement.Rows ? "Select" : Kind(text),
            User = exchange.User.Name,
            QueryId = exchange.Request.QueryId,
            CurrentDatabase = exchange.Request.Database.Length > 0 ? exchange.Request.Database : "default",
            Address = context.Connection.RemoteIpAddress?.ToString() ?? "",
            Port = context.Connection.RemotePort,
            HttpMethod = HttpMethods.IsGet(context.Request.Method) ? 1 : 2,
            HttpUserAgent = context.Request.Headers.UserAgent.ToString(),
            LogComment = exchange.Request.Setting("log_comment"),
            Parameters = exchange.Request.Parameters,
            Settings = exchange.Request.Settings.GroupBy(setting => setting.Key)
                .ToDictionary(group => group.Key, group => group.Last().Value),
        });
    }

    private static string Kind(string text)
    {
        var word = text.TrimStart().Split([' ', '\n', '\t', '\r'], 2)[0];
        return word.Length is 0 or > 20 ? ""
            : string.Concat(word[..1].ToUpperInvariant(), word[1..].ToLowerInvariant());
    }

    internal sealed class Record(QueryLog log, TimeProvider time, ProgressHeaders progress, QueryLogEntry entry)
    {
        private bool started;

        public void Started()
        {
            started = true;
            log.Add(entry);
        }

        public void Finished(QueryOutcome outcome) => Ended(QueryLogEntry.Finished, outcome);

        public void Failed(EngineException exception, QueryOutcome outcome)
        {
            entry = entry with { ExceptionCode = exception.Code, Exception = exception.Message };
            Ended(started ? QueryLogEntry.FailedWhileProcessing : QueryLogEntry.FailedBeforeStart, outcome);
        }

        private void Ended(string type, QueryOutcome outcome) => log.Add(entry with
        {
            Type = type,
            EventTime = time.GetUtcNow(),
            DurationMilliseconds = (ulong)outcome.Elapsed.TotalMilliseconds,
            ReadRows = outcome.ReadRows,
            ReadBytes = outcome.ReadBytes,
            WrittenRows = outcome.WrittenRows,
            WrittenBytes = outcome.WrittenBytes,
            ResultRows = outcome.ResultRows,
            ResultBytes = outcome.ResultBytes,
            MemoryUsage = outcome.Memory,
            ProfileEvents = Events(outcome, failed: type != QueryLogEntry.Finished),
        });

        private Dictionary<string, ulong> Events(QueryOutcome outcome, bool failed)
        {
            var events = JsonSerializer.Deserialize<Dictionary<string, ulong>>(progress.EventsSeen, Json)!;
            events["Query"] = 1;
            if (entry.QueryKind is "Select" or "Insert") events[entry.QueryKind + "Query"] = 1;
            if (failed) events["FailedQuery"] = 1;
            foreach (var (name, count) in new[]
            {
                ("SelectedRows", outcome.ReadRows), ("SelectedBytes", outcome.ReadBytes),
                ("InsertedRows", outcome.WrittenRows), ("InsertedBytes", outcome.WrittenBytes),
            })
            {
                if (count > 0) events[name] = count;
            }

            return events;
        }
    }
}
