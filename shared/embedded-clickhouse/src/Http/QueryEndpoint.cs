using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Tributary.EmbeddedClickHouse.Engine;
using Tributary.EmbeddedClickHouse.Queries;

namespace Tributary.EmbeddedClickHouse.Http;

/// <summary>ClickHouse's <c>/</c>: a statement in, its result or its error out.</summary>
internal sealed partial class QueryEndpoint(Users users, QueryLife life, IOptions<EmbeddedClickHouseOptions> options,
    EngineHost engine, ILogger<QueryEndpoint> logger)
{
    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            if (HttpMethods.IsHead(context.Request.Method)) return;

            var user = users.Of(context.Request);
            var form = await RequestForm.ReadAsync(context.Request, context.RequestAborted);
            var request = QueryRequest.Read(context.Request, form, options.Value);
            if (request.Query.Length == 0 && HttpMethods.IsGet(context.Request.Method))
            {
                await context.Response.WriteAsync("Ok.\n", context.RequestAborted);
                return;
            }

            if (request.DefaultFormat.Length > 0 && !FormatName().IsMatch(request.DefaultFormat))
            {
                throw new EngineException(73, "UNKNOWN_FORMAT", $"Unknown format {request.DefaultFormat}");
            }

            var body = RequestBody.Of(context.Request, request.Decompress, form.Read);
            await life.LiveAsync(context, new Asked(user, request, form, body));
        }
        catch (EngineException exception) when (!context.Response.HasStarted)
        {
            await ErrorAnswer.WriteAsync(context.Response, exception.Code,
                $"{exception.Message} (version {engine.Version} (embedded))\n", context.RequestAborted);
        }
        catch (Exception exception) when (context.RequestAborted.IsCancellationRequested)
        {
            ClientLeft(exception);
        }
        catch (InvalidDataException exception) when (!context.Response.HasStarted)
        {
            await ErrorAnswer.WriteAsync(context.Response, 271, $"Code: 271. DB::Exception: {exception.Message} "
                + $"(CANNOT_DECOMPRESS) (version {engine.Version} (embedded))\n", context.RequestAborted);
        }
    }

    [GeneratedRegex(@"^\w{1,100}$")]
    private static partial Regex FormatName();

    [LoggerMessage(LogLevel.Debug, "The client left before its query ended")]
    private partial void ClientLeft(Exception exception);
}
