using Tributary.Contracts.V1;

namespace Tributary.Ingestion.Receiving.Parsing;

/// <summary>
/// Why a whole request is refused for good: its answer, in the words of the servers that senders were written for, and
/// its reason for counting. A closed set.
/// </summary>
internal sealed record Refusal(int Status, string Answer, RejectionReason Reason, string Detail)
{
    public static readonly Refusal Empty = new(
        400, "request body is nil", RejectionReason.InvalidJson, "the body is empty");
    public static readonly Refusal InvalidJson = new(
        400, "invalid json", RejectionReason.InvalidJson, "the body is not JSON");
    public static readonly Refusal NotGzip = new(
        400, "invalid gzip", RejectionReason.InvalidJson, "the body is not gzip, as its header says");
    public static readonly Refusal NotUtf8 = new(
        400, "invalid json", RejectionReason.Unencodable, "the body is not UTF-8");
    public static readonly Refusal EmptyBatch = new(
        400, "empty batch payload", RejectionReason.NotAnEvent, "batch is not a list with events");
    public static readonly Refusal NotAnEvent = new(
        400, "event is not a valid rudder event", RejectionReason.NotAnEvent, "an event is an object");
    public static readonly Refusal NoIdentity = new(
        400, "request neither has anonymousId nor userId", RejectionReason.NoIdentity,
        "every event has a userId or an anonymousId");
    public static readonly Refusal TooDeep = new(
        400, "event is nested too deeply or has too many keys", RejectionReason.TooDeep,
        "more levels or more keys than are read");
    public static readonly Refusal TooLarge = new(
        413, "request size exceeds max limit", RejectionReason.TooLarge, "more bytes than a request may have");
    public static readonly Refusal TooManyEvents = new(
        413, "request size exceeds max limit", RejectionReason.TooLarge, "more events than a request may have");
    public static readonly Refusal EventTooLarge = new(
        413, "request size exceeds max limit", RejectionReason.TooLarge, "an event is larger than the log takes");
    public static readonly Refusal SourceDisabled = new(
        404, "source is disabled", RejectionReason.SourceDisabled, "the source is switched off");

    public static IReadOnlyList<Refusal> All { get; } =
    [
        Empty, InvalidJson, NotGzip, NotUtf8, EmptyBatch, NotAnEvent, NoIdentity, TooDeep, TooLarge, TooManyEvents,
        EventTooLarge, SourceDisabled,
    ];
}
