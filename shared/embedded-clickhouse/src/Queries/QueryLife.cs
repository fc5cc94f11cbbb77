using Microsoft.AspNetCore.Http;
using Tributary.EmbeddedClickHouse.Engine;
using Tributary.EmbeddedClickHouse.Http;

namespace Tributary.EmbeddedClickHouse.Queries;

/// <summary>
/// A query from acceptance to answer: its id, its connection, its end. Whatever happens in between, the connection is
/// given back only after the engine has let go of it, and the log has one last word on the query.
/// </summary>
internal sealed class QueryLife(EngineHost engine, Sessions sessions, RunningQueries running, QueryRunner runner,
    QueryRecorder recorder)
{
    public async Task LiveAsync(HttpContext context, Asked asked)
    {
        var (user, request, form, body) = asked;
        var left = context.RequestAborted;
        var statement = await body.ReadStatementAsync(request.Query, left);
        using var query = await running.AddAsync(request.QueryId, user, request.Setting("log_comment"), left);
        using var onLeaving = left.Register(() => Task.Run(query.Kill));

        var progress = new ProgressHeaders(context, query, request, recorder.Time);
        await using var response = new QueryResponse(context, request, engine) { SoFar = progress.SoFar };
        var exchange = new Exchange
        {
            Request = request,
            User = user,
            Body = body,
            Statement = statement,
            Query = query,
            Response = response,
            Progress = progress,
        };

        var record = recorder.Begin(context, exchange);
        try
        {
            using var hold = sessions.Take(request, user);
            var connection = hold.Connect(QuerySettings.Of(request, user, query.Tag, recorder.Options));
            hold.Use(request.Database);
            QueryPermission.Check(statement, connection, user, reading: HttpMethods.IsGet(context.Request.Method));
            foreach (var table in form.Tables) await table.LoadAsync(connection, left);

            record.Started();
            using var limit = Limit(user, query);
            var result = await runner.RunAsync(exchange, connection, left);
            var outcome = QueryOutcome.Of(result, response.Bytes, progress.MemorySeen, progress.Elapsed);
            record.Finished(outcome);
            await response.CompleteAsync(outcome, left);
        }
        catch (EngineException exception)
        {
            record.Failed(exception,
                QueryOutcome.Of(EngineResult.Empty, response.Bytes, progress.MemorySeen, progress.Elapsed));
            await response.FailAsync(exception, engine.Version, left);
        }
        catch (Exception exception) when (left.IsCancellationRequested || exception is InvalidDataException)
        {
            var code = exception is InvalidDataException ? 271 : 394;
            record.Failed(
                new EngineException(code, code == 271 ? "CANNOT_DECOMPRESS" : "QUERY_WAS_CANCELLED", exception.Message),
                QueryOutcome.Of(EngineResult.Empty, response.Bytes, progress.MemorySeen, progress.Elapsed));
            throw;
        }
    }

    /// <summary>The read-only user's queries end in time, whatever settings they bring along.</summary>
    private Timer? Limit(User user, RunningQuery query) => !user.ReadOnly
        ? null
        : new Timer(_ => query.Kill(), state: null, recorder.Options.ReadOnlyTimeMax, Timeout.InfiniteTimeSpan);
}
