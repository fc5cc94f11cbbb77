using System.Globalization;
using System.Text;

namespace Tributary.Ingestion.Tests.Receiving;

/// <summary>Events as no sender would write them: keys twice, escaped letters, values of every kind, blanks.</summary>
internal static class RandomJson
{
    private static readonly string[] Keys =
    [
        "userId", "anonymousId", "type", "event", "channel", "properties", "context", "messageId", "sentAt",
        "timestamp", "locale", "page", "url", "campaign", "name", "traits", "library", "ip", "gclid", "other", "",
    ];

    public static string Event(Random random)
    {
        var type = random.Next(2) == 0 ? "track" : "page";
        return $"{{\"type\":\"{type}\",{Members(random, 0)},{Key(random, "anonymousId")}:\"a{random.Next(9)}\"}}";
    }

    private static string Members(Random random, int depth) => string.Join(
        ',', Enumerable.Range(0, random.Next(1, 8))
            .Select(_ => $"{Key(random, Keys[random.Next(Keys.Length)])}{Blank(random)}:{Value(random, depth)}"));

    private static string Value(Random random, int depth) => (depth < 4 ? random.Next(8) : random.Next(6)) switch
    {
        0 => "null",
        1 => random.Next(2) == 0 ? "true" : "false",
        2 => random.Next(-999, 999).ToString(CultureInfo.InvariantCulture) + (random.Next(2) == 0 ? "" : ".5e3"),
        3 or 4 or 5 => $"\"{Letters(random)}\"",
        6 => $"[{Blank(random)}{Value(random, depth + 1)}]",
        _ => $"{{{Members(random, depth + 1)}}}",
    };

    private static string Key(Random random, string key)
    {
        if (random.Next(6) > 0 || key.Length == 0) return $"\"{key}\"";
        var at = random.Next(key.Length);
        return $"\"{key[..at]}\\u{(int)key[at]:x4}{key[(at + 1)..]}\"";
    }

    private static string Letters(Random random)
    {
        string[] pieces =
            ["a", "Z", " ", "\\n", "\\\"", "\\\\", "\\/", "\\u00e9", "é", "\\ud83d\\ude00", "日本", "?utm_source=x"];
        var text = new StringBuilder();
        for (var count = random.Next(6); count > 0; count--) text.Append(pieces[random.Next(pieces.Length)]);
        return text.ToString();
    }

    private static string Blank(Random random) => random.Next(4) == 0 ? " \t" : "";
}
