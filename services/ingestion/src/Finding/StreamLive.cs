using System.Globalization;
using Tributary.Authorisation;

namespace Tributary.Ingestion.Finding;

/// <summary><c>GET /api/v1/events/live</c>: what arrives, as server-sent events.</summary>
internal static class StreamLive
{
    public static void MapStreamLive(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/events/live", HandleAsync)
            .RequirePermission("events:read")
            .DisableRequestTimeout() // It ends when the caller leaves, may no longer, or the process stops.
            .WithName("Stream events")
            .WithSummary("What arrives, of a source or of the organisation, as server-sent events.");

    private static async Task<IResult> HandleAsync(
        HttpContext context, Guid? source, LiveStreams streams, CancellationToken cancellationToken)
    {
        var caller = context.Caller();
        using var place = streams.Listeners.Reserve(caller.Organisation);
        if (place is null)
        {
            context.Response.Headers.RetryAfter = "10";
            return TypedResults.Problem(
                "The organisation has as many live streams open as it may.",
                statusCode: StatusCodes.Status429TooManyRequests);
        }

        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache, no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no"; // A proxy that holds it back makes it no stream.
        var stream = new LiveStream(
            new(caller.Organisation, source), streams, context.Response, () => context.MayStill("events:read"));
        await stream.RunAsync(LiveId.Parse(context.Request.Headers["Last-Event-ID"].ToString()), cancellationToken);
        return Results.Empty;
    }
}

/// <summary>An event's id within a stream: of one process's life, in its order.</summary>
internal readonly record struct LiveId(Guid Life, long Sequence)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Life:N}-{Sequence}");

    public static LiveId? Parse(string text) =>
        text.Split('-') is [var life, var sequence]
        && Guid.TryParseExact(life, "N", out var of)
        && long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            ? new(of, at) : null;
}
