using Microsoft.AspNetCore.Http.HttpResults;
using Tributary.Authorisation;

namespace Tributary.Ingestion.Finding;

/// <summary><c>GET /api/v1/events</c>: the events, or the refusals, behind a number; latest first.</summary>
internal static class ListEvents
{
    private const int TextLengthMax = 4_096;

    public static void MapListEvents(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/events", HandleAsync)
            .RequirePermission("events:read")
            .WithName("List events")
            .WithSummary("Events as they happened (outcome=accepted) or refusals (outcome=refused), latest first.");

    private static async Task<Results<JsonHttpResult<EventPage>, ProblemHttpResult>> HandleAsync(
        HttpContext context, [AsParameters] ListedBy by, EventStore store, TimeProvider time,
        CancellationToken cancellationToken)
    {
        var to = by.To ?? time.GetUtcNow().AddDays(1); // A sender's clock may be ahead.
        var from = by.From ?? to.AddDays(-31);
        var cursor = by.Cursor is { Length: > 0 } text ? EventCursor.Parse(text) : null;
        if (Fault(by, from, to, cursor) is { } fault)
            return TypedResults.Problem(fault, statusCode: StatusCodes.Status400BadRequest);

        var question = new EventQuestion(context.Caller().Organisation, from, to, by.Limit ?? 50)
        {
            Source = by.Source,
            Event = by.Event ?? "",
            User = by.User ?? "",
            Reason = by.Reason ?? "",
            After = cursor,
        };
        return TypedResults.Json(
            by.Outcome == "refused"
                ? Page(
                    await store.ListRefusalsAsync(question, cancellationToken), question.Limit,
                    row => EventSummary.Of(row.Refusal, row.StoredAt),
                    last => new(last.Refusal.ReceivedAt.ToDateTimeOffset(), $"{View.Id(last.Refusal.Rejection):D}"))
                : Page(
                    await store.ListAsync(question, cancellationToken), question.Limit,
                    row => EventSummary.Of(row.Event, "accepted", row.StoredAt),
                    last => new(last.Event.Timestamp.ToDateTimeOffset(), last.Event.MessageId)),
            View.Options);
    }

    private static string? Fault(ListedBy by, DateTimeOffset from, DateTimeOffset to, EventCursor? cursor) => by switch
    {
        { Limit: < 1 or > 500 } => "limit is 1 to 500.",
        { Outcome: not (null or "" or "accepted" or "refused") } => "outcome is accepted or refused.",
        { Event.Length: > TextLengthMax } or { User.Length: > TextLengthMax } =>
            "event and user are at most 4,096 long.",
        { Reason: { Length: > 0 } reason } when Reasons.Parse(reason) == default => "reason is not one of ours.",
        { Cursor.Length: > 0 } when cursor is null => "cursor is not one that an earlier page gave.",
        _ when from >= to => "from is before to.",
        _ => null,
    };

    private static EventPage Page<TRow>(
        List<TRow> rows, int limit, Func<TRow, EventSummary> summary, Func<TRow, EventCursor> cursor) => new(
            [.. rows.Take(limit).Select(summary)],
            rows.Count > limit ? cursor(rows[limit - 1]).ToString() : null);
}

/// <summary>Which events. Times are when they happened; of refusals, when they came.</summary>
internal sealed record ListedBy(
    Guid? Source, string? Event, string? User, DateTimeOffset? From, DateTimeOffset? To, string? Outcome,
    string? Reason, string? Cursor, int? Limit);

/// <summary>A page of events; <paramref name="Next"/> is the cursor of the following one, absent at the end.</summary>
internal sealed record EventPage(IReadOnlyList<EventSummary> Events, string? Next);
