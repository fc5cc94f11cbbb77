using System.Text;
using Tributary.EmbeddedClickHouse.Engine;
using Tributary.EmbeddedClickHouse.Http;
using Tributary.EmbeddedClickHouse.Logging;
using Tributary.EmbeddedClickHouse.Statements;

namespace Tributary.EmbeddedClickHouse.Queries;

/// <summary>
/// Runs a statement on a connection and gives its result to the response, as the statement's kind needs.
/// </summary>
internal sealed class QueryRunner(RunningQueries running, QueryLog log, TimeProvider time)
{
    private const int SyntaxError = 62;

    public Task<EngineResult> RunAsync(Exchange exchange, EngineConnection connection,
        CancellationToken cancellationToken) =>
        exchange.Statement switch
        {
            Statement.Rows rows => ReadAsync(rows, exchange, connection, cancellationToken),
            Statement.InsertWithRows insert => InsertAsync(insert, exchange, connection, cancellationToken),
            Statement.Command command => CommandAsync(command, exchange, connection, cancellationToken),
            Statement.KillById kill => KillAsync(kill, exchange, cancellationToken),
            Statement.FlushLogs => FlushLogsAsync(cancellationToken),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static async Task<EngineResult> ReadAsync(Statement.Rows rows, Exchange exchange,
        EngineConnection connection,
        CancellationToken cancellationToken)
    {
        var format = rows.Format ?? exchange.Format;
        using var pipe = new OutputPipe();
        var statement = rows.Into(pipe.Path, format);
        var execution = OnItsOwnThread(() =>
        {
            try
            {
                return connection.Run(statement, format, exchange.Request.Parameters);
            }
            finally
            {
                pipe.CloseWriteEnd();
            }
        });

        try
        {
            exchange.Response.Format(format);
            await CopyAsync(pipe, exchange, cancellationToken);
        }
        catch
        {
            // The connection must not be given back before the engine has let go of it.
            exchange.Query.Kill();
            pipe.Dispose();
            await ((Task)execution).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        try
        {
            return await execution;
        }
        catch (EngineException exception) when (exception.Code == SyntaxError)
        {
            // As it was sent, so that the error is about what was sent.
            return await CommandAsync(new(rows.Plain, format), exchange, connection, cancellationToken);
        }
    }

    private static async Task CopyAsync(OutputPipe pipe, Exchange exchange, CancellationToken cancellationToken)
    {
        using var source = new FileStream(pipe.ReadEnd, FileAccess.Read, bufferSize: 0, isAsync: false);
        var buffer = new byte[256 * 1024];
        while (true)
        {
            var reading = source.ReadAsync(buffer, CancellationToken.None).AsTask();
            await exchange.Progress.UntilAsync(reading, cancellationToken);
            var read = await reading;
            if (read == 0) return;
            await exchange.Response.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }

    private static async Task<EngineResult> InsertAsync(Statement.InsertWithRows insert, Exchange exchange,
        EngineConnection connection, CancellationToken cancellationToken)
    {
        using var stream = await Task.Run(
            () => connection.Insert(insert.Head.Span, insert.Format, exchange.Request.Parameters), cancellationToken);
        await exchange.Body.CopyDataAsync(insert.DataAt, stream, cancellationToken);

        // From here on the client's leaving changes nothing: the rows are on their way to the disk.
        return await OnItsOwnThread(stream.Finish);
    }

    private static async Task<EngineResult> CommandAsync(Statement.Command command, Exchange exchange,
        EngineConnection connection, CancellationToken cancellationToken)
    {
        if (command.Text.IsEmpty) throw new EngineException(SyntaxError, "SYNTAX_ERROR", "Syntax error: Empty query");
        var format = command.Format ?? exchange.Format;
        var running = OnItsOwnThread(() =>
            connection.Run(command.Text.Span, format, exchange.Request.Parameters));
        await exchange.Progress.UntilAsync(running, CancellationToken.None);
        var result = await running;
        if (result.Body.Length > 0)
        {
            exchange.Response.Format(format);
            await exchange.Response.WriteAsync(result.Body, cancellationToken);
        }

        return result;
    }

    private async Task<EngineResult> KillAsync(Statement.KillById kill, Exchange exchange,
        CancellationToken cancellationToken)
    {
        if (running.Find(kill.QueryId) is not { } victim) return EngineResult.Empty;
        if (exchange.User.ReadOnly && victim.User != exchange.User)
        {
            throw new EngineException(497, "ACCESS_DENIED",
                $"User {exchange.User.Name} attempts to kill query of another");
        }

        await Task.Run(victim.Kill, cancellationToken);
        if (kill.Synchronously) await victim.Ended.WaitAsync(cancellationToken);
        var status = kill.Synchronously ? "finished" : "waiting";
        var line = $"{status}\t{kill.QueryId}\t{victim.User.Name}\t\n";
        await exchange.Response.WriteAsync(Encoding.UTF8.GetBytes(line), cancellationToken);
        return EngineResult.Empty with { ResultRows = 1 };
    }

    private async Task<EngineResult> FlushLogsAsync(CancellationToken cancellationToken)
    {
        await log.FlushAsync(cancellationToken).WaitAsync(TimeSpan.FromSeconds(30), time, cancellationToken);
        return EngineResult.Empty;
    }

    private static Task<EngineResult> OnItsOwnThread(Func<EngineResult> work) => Task.Factory.StartNew(
        work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
