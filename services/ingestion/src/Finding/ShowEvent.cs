using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Tributary.Authorisation;
using Tributary.Contracts.V1;

namespace Tributary.Ingestion.Finding;

/// <summary><c>GET /api/v1/events/{messageId}</c>: where an event is, what it holds, and the way it came.</summary>
internal static class ShowEvent
{
    private const string Path = "/api/v1/events/";

    public static void MapShowEvent(this IEndpointRouteBuilder routes) =>
        routes.MapGet(Path + "{**messageId}", HandleAsync)
            .RequirePermission("events:read")
            .WithName("Show event")
            .WithSummary("Where an event is: accepted and on its way, in ClickHouse, refused and why, or not known.")
            .Produces<EventAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<JsonHttpResult<EventAnswer>, ProblemHttpResult>> HandleAsync(
        HttpContext context, FindEvent find, CancellationToken cancellationToken)
    {
        var messageId = MessageIdOf(context);
        if (messageId.Length == 0 || Encoding.UTF8.GetByteCount(messageId) > FindEvent.MessageIdBytesMax)
        {
            return TypedResults.Problem(
                $"A message id has 1 to {FindEvent.MessageIdBytesMax} bytes.",
                statusCode: StatusCodes.Status400BadRequest);
        }

        var found = await find.AskAsync(
            EventKey.Of(context.Caller().Organisation, messageId), cancellationToken);
        return found switch
        {
            null => TypedResults.Problem(
                "ClickHouse does not answer, and the event is not among those on their way: ask again later.",
                statusCode: StatusCodes.Status503ServiceUnavailable),
            FoundEvent.Unknown unknown => TypedResults.Problem(
                unknown.Reason, statusCode: StatusCodes.Status404NotFound, title: "The event is not known"),
            _ => TypedResults.Json(EventAnswer.Of(messageId, found), View.Options),
        };
    }

    // An id is any text, slashes and dots too: it is taken as it was sent, before anything was made of the path.
    private static string MessageIdOf(HttpContext context)
    {
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?', 2)[0];
        var at = raw.IndexOf(Path, StringComparison.Ordinal);
        return at >= 0
            ? Uri.UnescapeDataString(raw[(at + Path.Length)..])
            : (string?)context.GetRouteValue("messageId") ?? "";
    }
}

/// <summary>Where an event is. Absent: not known, or not of this outcome.</summary>
internal sealed record EventAnswer(
    string MessageId,
    string Place,
    DateTimeOffset? At,
    int? Repeats,
    EnvelopeView? Event,
    RefusalView? Refusal,
    IReadOnlyList<StepView> Steps,
    IReadOnlyDictionary<string, string> Links)
{
    public static EventAnswer Of(string messageId, FoundEvent found) => found switch
    {
        FoundEvent.Taken taken => new(
            messageId, StepView.NameOf(taken.Place), taken.Steps is [.., var last] ? last.At : null,
            taken.Repeats > 0 ? taken.Repeats : null,
            taken.Event is { } whole ? EnvelopeView.Of(whole) : null, Refusal: null,
            StepView.Of(taken.Steps), LinksOf(messageId, taken.Event?.UserId)),
        FoundEvent.Refused refused => new(
            messageId, StepView.NameOf(EventPlace.Rejected), View.Time(refused.Refusal.ReceivedAt), Repeats: null,
            Event: null, RefusalView.Of(refused.Refusal), StepView.Of(refused.Steps), LinksOf(messageId, user: null)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static Dictionary<string, string> LinksOf(string messageId, string? user)
    {
        var links = new Dictionary<string, string>
        {
            ["self"] = "/api/v1/events/" + Uri.EscapeDataString(messageId),
            ["page"] = "/live?event=" + Uri.EscapeDataString(messageId),
        };
        if (!string.IsNullOrEmpty(user)) links["person"] = "/api/v1/events?user=" + Uri.EscapeDataString(user);
        return links;
    }
}

/// <summary>Why an event was refused, and what came.</summary>
internal sealed record RefusalView(
    Guid? Rejection, Guid? Source, string Reason, string? Detail, string? Route, int Index, bool Truncated,
    RawJson? Body)
{
    public static RefusalView Of(RejectedEvent refused) => new(
        View.Id(refused.Rejection), View.Id(refused.Source), Reasons.NameOf(refused.Reason), View.Text(refused.Detail),
        View.Text(refused.Route), refused.Index, refused.Truncated, View.Json(refused.Body));
}

/// <summary>A step of an event's way; the record's place where it is still at hand.</summary>
internal sealed record StepView(
    string Place, DateTimeOffset At, double AfterMilliseconds, string? Topic, int? Partition, long? Offset)
{
    public static IReadOnlyList<StepView> Of(IReadOnlyList<EventStep> steps) =>
        [.. steps.Select(step => new StepView(
            NameOf(step.Place), step.At, (step.At - steps[0].At).TotalMilliseconds,
            step.Record?.Topic, step.Record?.Partition, step.Record?.Offset))];

    public static string NameOf(EventPlace place) => place switch
    {
        EventPlace.Unspecified => "edge",
        EventPlace.Spooled => "spooled",
        EventPlace.Received => "received",
        EventPlace.Emitted => "emitted",
        EventPlace.Stored => "stored",
        EventPlace.Rejected => "rejected",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
