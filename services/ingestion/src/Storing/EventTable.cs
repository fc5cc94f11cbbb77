namespace Tributary.Ingestion.Storing;

/// <summary>The columns of <c>events</c> that are written, and which fields the plain ones are.</summary>
internal static class EventTable
{
    private const string Text = "String";
    private const string Word = "LowCardinality(String)";
    private const string Time = "DateTime64(3, 'UTC')";

    public static readonly (string Name, string Type)[] Columns =
    [
        ("organisation", "UUID"), ("event", Word), ("at", Time), ("person", Text), ("message_id", Text), ("type", Word),
        ("source", "UUID"), ("app", "UUID"), ("user_id", Text), ("anonymous_id", Text), ("previous_id", Text),
        ("group_id", Text), ("session_id", Text), ("session_start", "Bool"), ("received_at", Time), ("channel", Word),
        ("name", Text), ("page_url", Text), ("referrer", Text), ("utm_source", Word), ("utm_medium", Word),
        ("utm_campaign", Word), ("utm_term", Text), ("utm_content", Text),
        ("click_ids", "Map(LowCardinality(String), String)"), ("country", Word), ("region", Word), ("city", Word),
        ("device", Word), ("os", Word), ("browser", Word), ("bot", "Bool"), ("revenue", "Decimal(18, 4)"),
        ("currency", Word), ("properties", Text), ("context", Text), ("traits", Text),
    ];

    /// <summary>By the numbers of Utm's fields, from 1.</summary>
    public static readonly string[] Utm = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"];

    /// <summary>Text as it is, by the numbers of Event's fields.</summary>
    public static readonly (int Field, string Column)[] Plain =
    [
        (3, "message_id"), (6, "user_id"), (7, "anonymous_id"), (23, "previous_id"), (24, "group_id"),
        (20, "session_id"), (25, "name"), (26, "page_url"), (27, "referrer"), (12, "properties"), (13, "context"),
        (14, "traits"),
    ];
}
