using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Tributary.EmbeddedClickHouse.Engine;
using Tributary.EmbeddedClickHouse.Logging;
using Tributary.EmbeddedClickHouse.Statements;

namespace Tributary.EmbeddedClickHouse.Queries;

/// <summary>Writes a query's start and end into the log.</summary>
internal sealed class QueryRecorder(QueryLog log, IOptions<EmbeddedClickHouseOptions> options, TimeProvider time)
{
    public EmbeddedClickHouseOptions Options => options.Value;

    public TimeProvider Time => time;

    public Record Begin(HttpContext context, Exchange exchange)
    {
        var now = time.GetUtcNow();
        var text = exchange.Body.Text;
        return new Record(log, time, new QueryLogEntry
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

    internal sealed class Record(QueryLog log, TimeProvider time, QueryLogEntry entry)
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
        });
    }
}
