using Microsoft.AspNetCore.Http.HttpResults;
using Tributary.Authorisation;

namespace Tributary.Ingestion.Finding;

/// <summary>
/// <c>GET /api/v1/events/counts</c>: what came in = stored + repeats + refused, by reason, and how far behind the last
/// step is. Counted by when it came, in the rows themselves.
/// </summary>
internal static class CountEvents
{
    public static void MapCountEvents(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/events/counts", HandleAsync)
            .RequirePermission("events:read")
            .WithName("Count events")
            .WithSummary("What came in: stored, repeats and refused by reason; and the lag.");

    private static async Task<Results<JsonHttpResult<EventCounts>, ProblemHttpResult>> HandleAsync(
        HttpContext context, Guid? source, DateTimeOffset? from, DateTimeOffset? to, CountStore store,
        TimeProvider time, CancellationToken cancellationToken)
    {
        var until = to ?? time.GetUtcNow();
        var since = from ?? until.AddHours(-1);
        if (since >= until)
            return TypedResults.Problem("from is before to.", statusCode: StatusCodes.Status400BadRequest);

        var scope = new LiveScope(context.Caller().Organisation, source);
        return TypedResults.Json(await store.CountAsync(scope, since, until, cancellationToken), View.Options);
    }
}

/// <summary>What came in from one moment up to another: <c>In = Stored + Repeats + Refused</c>.</summary>
internal sealed record EventCounts(
    DateTimeOffset From,
    DateTimeOffset To,
    long In,
    long Stored,
    long Repeats,
    long Refused,
    IReadOnlyDictionary<string, long> RefusedByReason,
    DateTimeOffset? LastStoredReceivedAt,
    EventLag Lag);

/// <summary>How long events take from the edge to ClickHouse; absent without a recent one.</summary>
/// <param name="Milliseconds">Now: the oldest that waits, or else the slowest of the last minutes.</param>
/// <param name="Waiting">Events seen on their way that ClickHouse does not have yet.</param>
internal sealed record EventLag(double? Milliseconds, int Waiting);
