using System.Text.Json;
using System.Text.Json.Serialization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Tributary.Contracts.V1;

namespace Tributary.Ingestion.Finding;

/// <summary>JSON that came from outside, told as it came; what is none, as a string.</summary>
[JsonConverter(typeof(AsItCame))]
internal sealed record RawJson(ReadOnlyMemory<byte> Bytes)
{
    private sealed class AsItCame : JsonConverter<RawJson>
    {
        public override RawJson Read(ref Utf8JsonReader reader, System.Type type, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options)
        {
            if (IsJson(value.Bytes.Span)) writer.WriteRawValue(value.Bytes.Span, skipInputValidation: true);
            else writer.WriteStringValue(System.Text.Encoding.UTF8.GetString(value.Bytes.Span));
        }

        private static bool IsJson(ReadOnlySpan<byte> bytes)
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 1_000 });
            try
            {
                while (reader.Read())
                {
                    // Reading is the check.
                }

                return bytes.Length > 0;
            }
            catch (JsonException)
            {
                return false;
            }
        }
    }
}

/// <summary>An event's line in a list or a stream.</summary>
internal sealed record EventSummary(
    string Outcome,
    string MessageId,
    Guid Source,
    string? Type,
    string? Event,
    string? Name,
    string? UserId,
    string? AnonymousId,
    DateTimeOffset? At,
    DateTimeOffset? ReceivedAt,
    DateTimeOffset? StoredAt,
    Guid? Rejection,
    string? Reason,
    string? Detail)
{
    public static EventSummary Of(Event sent, string outcome, DateTimeOffset? storedAt) => new(
        outcome, sent.MessageId, View.Id(sent.Source) ?? Guid.Empty, View.Text(sent.Type), View.Text(sent.Event_),
        View.Text(sent.Name), View.Text(sent.UserId), View.Text(sent.AnonymousId), View.Time(sent.Timestamp),
        View.Time(sent.ReceivedAt), storedAt, Rejection: null, Reason: null, Detail: null);

    public static EventSummary Of(RejectedEvent refused, DateTimeOffset? storedAt) => new(
        "refused", refused.MessageId, View.Id(refused.Source) ?? Guid.Empty, Type: null, Event: null, Name: null,
        UserId: null, AnonymousId: null, At: null, View.Time(refused.ReceivedAt), storedAt,
        View.Id(refused.Rejection), Reasons.NameOf(refused.Reason), View.Text(refused.Detail));

    public static EventSummary Of(SeenArrival arrival) => arrival.Arrival switch
    {
        Arrival.Refused => Of(arrival.Event.Refusal!, storedAt: null),
        Arrival.Repeated => Of(arrival.Event.Event!, "repeated", storedAt: null),
        _ => Of(arrival.Event.Event!, "accepted", storedAt: null),
    };
}

/// <summary>An event's envelope, typed, with what came as JSON as it came. Absent: not told.</summary>
internal sealed record EnvelopeView
{
    public required string MessageId { get; init; }
    public required Guid Source { get; init; }
    public Guid? App { get; init; }
    public string? Type { get; init; }
    public string? Event { get; init; }
    public string? Name { get; init; }
    public string? UserId { get; init; }
    public string? AnonymousId { get; init; }
    public string? PreviousId { get; init; }
    public string? GroupId { get; init; }
    public string? SessionId { get; init; }
    public bool? SessionStart { get; init; }
    public DateTimeOffset? At { get; init; }
    public DateTimeOffset? ReceivedAt { get; init; }
    public DateTimeOffset? SentAt { get; init; }
    public DateTimeOffset? OriginalTimestamp { get; init; }
    public string? Channel { get; init; }
    public string? Library { get; init; }
    public string? Locale { get; init; }
    public string? Ip { get; init; }
    public string? UserAgent { get; init; }
    public string? PageUrl { get; init; }
    public string? Referrer { get; init; }
    public IReadOnlyDictionary<string, string>? Utm { get; init; }
    public IReadOnlyDictionary<string, string>? ClickIds { get; init; }
    public IReadOnlyDictionary<string, string>? Device { get; init; }
    public IReadOnlyDictionary<string, string>? Place { get; init; }
    public RawJson? Properties { get; init; }
    public RawJson? Context { get; init; }
    public RawJson? Traits { get; init; }

    public static EnvelopeView Of(Event sent) => new()
    {
        MessageId = sent.MessageId,
        Source = View.Id(sent.Source) ?? Guid.Empty,
        App = View.Id(sent.App),
        Type = View.Text(sent.Type),
        Event = View.Text(sent.Event_),
        Name = View.Text(sent.Name),
        UserId = View.Text(sent.UserId),
        AnonymousId = View.Text(sent.AnonymousId),
        PreviousId = View.Text(sent.PreviousId),
        GroupId = View.Text(sent.GroupId),
        SessionId = View.Text(sent.SessionId),
        SessionStart = sent.SessionStart ? true : null,
        At = View.Time(sent.Timestamp),
        ReceivedAt = View.Time(sent.ReceivedAt),
        SentAt = View.Time(sent.SentAt),
        OriginalTimestamp = View.Time(sent.OriginalTimestamp),
        Channel = View.Text(sent.Channel),
        Library = View.Text(sent.Library),
        Locale = View.Text(sent.Locale),
        Ip = sent.Ip.Length is 4 or 16 ? new System.Net.IPAddress(sent.Ip.Span).ToString() : null,
        UserAgent = View.Text(sent.UserAgent),
        PageUrl = View.Text(sent.PageUrl),
        Referrer = View.Text(sent.Referrer),
        Utm = View.Named(
            ("source", sent.Utm?.Source), ("medium", sent.Utm?.Medium), ("campaign", sent.Utm?.Campaign),
            ("term", sent.Utm?.Term), ("content", sent.Utm?.Content), ("id", sent.Utm?.Id)),
        ClickIds = View.Named([.. sent.ClickIds.Select(click => (click.Name, (string?)click.Value))]),
        Device = View.Named(
            ("type", sent.Device?.Type), ("model", sent.Device?.Model), ("os", sent.Device?.Os),
            ("osVersion", sent.Device?.OsVersion), ("browser", sent.Device?.Browser),
            ("browserVersion", sent.Device?.BrowserVersion), ("bot", sent.Device is { Bot: true } ? "true" : null)),
        Place = View.Named(
            ("country", sent.Place?.Country), ("region", sent.Place?.Region), ("city", sent.Place?.City)),
        Properties = View.Json(sent.Properties),
        Context = View.Json(sent.Context),
        Traits = View.Json(sent.Traits),
    };
}

/// <summary>Values of the wire as JSON tells them: what is empty there is absent here.</summary>
internal static class View
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static string? Text(string text) => text.Length > 0 ? text : null;

    public static Guid? Id(ByteString bytes) => bytes.Length == 16 ? new Guid(bytes.Span, bigEndian: true) : null;

    public static DateTimeOffset? Time(Timestamp? time) => time?.ToDateTimeOffset();

    public static RawJson? Json(ByteString bytes) => bytes.Length > 0 ? new(bytes.Memory) : null;

    public static IReadOnlyDictionary<string, string>? Named(params ReadOnlySpan<(string Name, string? Value)> values)
    {
        var named = new Dictionary<string, string>();
        foreach (var (name, value) in values)
        {
            if (!string.IsNullOrEmpty(value)) named[name] = value;
        }

        return named.Count > 0 ? named : null;
    }
}
