using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Tributary.Ingestion.Finding;

/// <summary>Which events a list shows, latest first, and after which of them it goes on.</summary>
internal sealed record EventQuestion(Guid Organisation, DateTimeOffset From, DateTimeOffset To, int Limit)
{
    public Guid? Source { get; init; }

    public string Event { get; init; } = "";

    public string User { get; init; } = "";

    public string Reason { get; init; } = "";

    public EventCursor? After { get; init; }

    public Dictionary<string, object?> Parameters() => new()
    {
        ["organisation"] = Organisation,
        ["event"] = Event,
        ["source"] = Source?.ToString("D") ?? "",
        ["user"] = User,
        ["reason"] = Reason,
        ["from"] = From.UtcDateTime,
        ["to"] = To.UtcDateTime,
        ["before"] = After?.At.UtcDateTime ?? To.UtcDateTime,
        ["before_id"] = After?.Id ?? "",
        ["limit"] = (uint)Limit + 1, // One more says whether there is a next page.
    };
}

/// <summary>The last row of a page: where the next one begins. Opaque to callers.</summary>
internal sealed record EventCursor(DateTimeOffset At, string Id)
{
    private const int LengthMax = 8_192;

    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{At.ToUnixTimeMilliseconds()} {Id}")));

    public static EventCursor? Parse(string text)
    {
        if (text.Length > LengthMax || !Base64Url.IsValid(text)) return null;

        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split(' ', 2);
        return parts is [var at, var id]
            && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
                ? new(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), id) : null;
    }
}
