using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Tributary.EmbeddedClickHouse.Engine;
using Tributary.EmbeddedClickHouse.Queries;

namespace Tributary.EmbeddedClickHouse.Http;

/// <summary>
/// A query's answer. Holds back the first megabyte (or everything, when asked), so that an error before it still has a
/// status of its own; an error after it is written into the body in ClickHouse's way, and the connection is cut, so
/// that no client takes a part for the whole.
/// </summary>
internal sealed class QueryResponse : IAsyncDisposable
{
    private const int HeldBackDefault = 1024 * 1024;
    private const string Tags = "abcdefghijklmnopqrstuvwxyz";
    private readonly HttpContext context;
    private readonly QueryRequest request;
    private readonly string exceptionTag = RandomNumberGenerator.GetString(Tags, 16);
    private readonly HeldBack held;
    private ResponseBody? body;

    public QueryResponse(HttpContext context, QueryRequest request, EngineHost engine)
    {
        this.context = context;
        this.request = request;
        held = new HeldBack(request.WaitForEnd ? long.MaxValue : request.BufferSize > 0 ? request.BufferSize
            : HeldBackDefault);

        var headers = context.Response.Headers;
        headers["X-ClickHouse-Query-Id"] = request.QueryId;
        headers["X-ClickHouse-Timezone"] = engine.TimeZone;
        headers["X-ClickHouse-Exception-Tag"] = exceptionTag;
        if (QueryRequest.Flag(request.Setting("add_http_cors_header"))) headers.AccessControlAllowOrigin = "*";
        context.Response.ContentType = ContentTypes.Of("TabSeparated");
    }

    /// <summary>What the summary in the head says when the head goes out before the end.</summary>
    public required Func<QueryOutcome> SoFar { get; init; }

    public ulong Bytes { get; private set; }

    public void Format(string format)
    {
        context.Response.Headers["X-ClickHouse-Format"] = format;
        context.Response.ContentType = ContentTypes.Of(format);
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Bytes += (ulong)content.Length;
        if (body is null)
        {
            if (await held.TryAddAsync(content, cancellationToken)) return;
            await BeginAsync(SoFar(), cancellationToken);
        }

        await body!.Outermost.WriteAsync(content, cancellationToken);
    }

    public async Task CompleteAsync(QueryOutcome outcome, CancellationToken cancellationToken)
    {
        if (body is null) await BeginAsync(outcome, cancellationToken);
        await body!.FinishAsync(cancellationToken);
    }

    public async Task FailAsync(EngineException exception, string version, CancellationToken cancellationToken)
    {
        var message = $"{exception.Message} (version {version} (embedded))\n";
        if (body is null && !context.Response.HasStarted)
        {
            await ErrorAnswer.WriteAsync(context.Response, exception.Code, message, cancellationToken);
            return;
        }

        // In one piece: clients look for the beginning of the text in the chunk in which they find its end.
        var told =
            $"\r\n__exception__\r\n{exceptionTag}\r\n{message}{Encoding.UTF8.GetByteCount(message)} {exceptionTag}"
            + "\r\n__exception__\r\n";
        await body!.Outermost.WriteAsync(Encoding.UTF8.GetBytes(told), cancellationToken);
        await body.FinishAsync(cancellationToken);
        await CutConnection.AfterWhatWasWrittenAsync(context, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (body is not null) await body.DisposeAsync();
        await held.DisposeAsync();
    }

    private async Task BeginAsync(QueryOutcome outcome, CancellationToken cancellationToken)
    {
        context.Response.Headers["X-ClickHouse-Summary"] = outcome.Json;
        body = ResponseBody.For(context, request);
        await held.MoveToAsync(body.Outermost, cancellationToken);
    }
}
