using System.Collections;
using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Tributary.ClickHouse.Native;
using Tributary.Contracts.V1;

namespace Tributary.Ingestion.Finding;

/// <summary>One row of a result, by the names of its columns.</summary>
internal readonly struct EventRow(Block block, int row)
{
    public static StoredEvent Event(EventRow row) => new(row.ToEvent(), row.Time("stored_at"));

    public static StoredRefusal Refusal(EventRow row) => new(row.ToRefusal(), row.Time("stored_at"));

    public string Text(string column) => (string)Value(column);

    public long Number(string column) => Convert.ToInt64(Value(column), CultureInfo.InvariantCulture);

    public DateTimeOffset Time(string column) =>
        new(DateTime.SpecifyKind((DateTime)Value(column), DateTimeKind.Utc));

    private Event ToEvent()
    {
        var found = new Event
        {
            Source = Id("source"),
            App = Id("app"),
            MessageId = Text("message_id"),
            Type = Text("type"),
            UserId = Text("user_id"),
            AnonymousId = Text("anonymous_id"),
            PreviousId = Text("previous_id"),
            GroupId = Text("group_id"),
            SessionId = Text("session_id"),
            SessionStart = (bool)Value("session_start"),
            ReceivedAt = Timestamp.FromDateTimeOffset(Time("received_at")),
            Timestamp = Timestamp.FromDateTimeOffset(Time("at")),
            Channel = Text("channel"),
            Name = Text("name"),
            PageUrl = Text("page_url"),
            Referrer = Text("referrer"),
            Utm = ToUtm(),
            Device = new()
            {
                Type = Text("device"),
                Os = Text("os"),
                Browser = Text("browser"),
                Bot = (bool)Value("bot"),
            },
            Place = new() { Country = Text("country"), Region = Text("region"), City = Text("city") },
        };
        if (found.Type == "track") found.Event_ = Text("event"); // Of other types the column holds the type.
        var (names, values) = ((IList)Value("click_names"), (IList)Value("click_values"));
        for (var click = 0; click < names.Count; click++)
            found.ClickIds.Add(new ClickId { Name = (string)names[click]!, Value = (string)values[click]! });
        if (block.Names.Contains("properties"))
        {
            found.Properties = ByteString.CopyFromUtf8(Text("properties"));
            found.Context = ByteString.CopyFromUtf8(Text("context"));
            found.Traits = ByteString.CopyFromUtf8(Text("traits"));
        }

        return found;
    }

    private Utm ToUtm() => new()
    {
        Source = Text("utm_source"),
        Medium = Text("utm_medium"),
        Campaign = Text("utm_campaign"),
        Term = Text("utm_term"),
        Content = Text("utm_content"),
    };

    private RejectedEvent ToRefusal() => new()
    {
        Source = Id("source"),
        Rejection = Id("rejection"),
        ReceivedAt = Timestamp.FromDateTimeOffset(Time("received_at")),
        Route = Text("route"),
        Reason = Reasons.Parse(Text("reason")),
        Detail = Text("detail"),
        MessageId = Text("message_id"),
        Index = (int)Number("position"),
        Truncated = (bool)Value("truncated"),
        Body = block.Names.Contains("body") ? ByteString.CopyFromUtf8(Text("body")) : ByteString.Empty,
    };

    private ByteString Id(string column) =>
        ByteString.CopyFrom(((Guid)Value(column)).ToByteArray(bigEndian: true));

    private object Value(string column) => block[column].Value(row)!;
}
