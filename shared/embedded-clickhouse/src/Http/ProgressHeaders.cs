using Microsoft.AspNetCore.Http;
using Tributary.EmbeddedClickHouse.Queries;

namespace Tributary.EmbeddedClickHouse.Http;

/// <summary>
/// Sends <c>X-ClickHouse-Progress</c> lines while a query runs and nothing of the body has gone out, for a client that
/// asked for them; and remembers the most memory that the query was seen to take.
/// </summary>
internal sealed class ProgressHeaders(HttpContext context, RunningQuery query, QueryRequest request, TimeProvider time)
{
    private readonly long startedAt = time.GetTimestamp();
    private readonly bool asked = QueryRequest.Flag(request.Setting("send_progress_in_http_headers"));
    private readonly TimeSpan interval = TimeSpan.FromMilliseconds(
        int.TryParse(request.Setting("http_headers_progress_interval_ms"), out var given)
            ? Math.Clamp(given, 10, 60_000) : 100);

    public ulong MemorySeen { get; private set; }

    /// <summary>The query's ProfileEvents when it was last looked at, as JSON.</summary>
    public string EventsSeen { get; private set; } = "{}";

    public TimeSpan Elapsed => time.GetElapsedTime(startedAt);

    public QueryOutcome SoFar() => QueryOutcome.Of(query.Progress(), Elapsed);

    /// <summary>Waits for a step of the query.</summary>
    public async Task UntilAsync(Task step, CancellationToken cancellationToken)
    {
        while (!step.IsCompleted)
        {
            using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var tick = Task.Delay(interval, time, timer.Token);
            if (await Task.WhenAny(step, tick) == step)
            {
                await timer.CancelAsync();
                return;
            }

            cancellationToken.ThrowIfCancellationRequested();
            var seen = await Task.Run(query.Progress, cancellationToken);
            EventsSeen = seen.Events ?? EventsSeen;
            var outcome = QueryOutcome.Of(seen, Elapsed);
            MemorySeen = Math.Max(MemorySeen, outcome.Memory);
            if (!asked || context.Response.HasStarted || context.Features.Get<OutputGate>() is not { } gate) continue;
            await gate.WriteHeadLinesAsync($"X-ClickHouse-Progress: {outcome.Json}\r\n", cancellationToken);
        }
    }
}
