using Tributary.Console.Sessions;

namespace Tributary.Console.Upstream;

/// <summary>The routes that only the pages use.</summary>
internal static class PassOnEvents
{
    public static void MapPassOn(this IEndpointRouteBuilder routes) =>
        routes.MapGet(PassOn.Prefix + "/events/{**rest}", HandleAsync)
            .DisableRequestTimeout() // A stream is as long as someone looks; the rest is bounded by whom it asks.
            .AllowAnonymous() // The session is judged here, and its key again by ingestion.
            .ExcludeFromDescription();

    private static async Task HandleAsync(HttpContext context, SessionCookie sessions, PassOn passOn)
    {
        if (sessions.Of(context.Request) is { } session)
        {
            await passOn.AskAsync(context, session);
            return;
        }

        await TypedResults.Problem("Nobody is signed in.", statusCode: StatusCodes.Status401Unauthorized)
            .ExecuteAsync(context);
    }
}
