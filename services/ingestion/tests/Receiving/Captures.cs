using System.Text;

namespace Tributary.Ingestion.Tests.Receiving;

/// <summary>What official senders send, and what becomes of that in bad hands.</summary>
internal static class Captures
{
    public static readonly string Browser = """
        {"properties":{"name":"Home","path":"/","url":"https://shop.example/?utm_source=fb&gclid=G-1"},"type":"page",
        "event":"","name":"Home \ud83d\ude00","userId":"","channel":"web","integrations":{"All":true},
        "messageId":"5b0a4d1e-6a7b-4c2a-9f56-0f1f2a3b4c5d","originalTimestamp":"2026-11-21T15:00:00.000Z",
        "sentAt":"2026-11-21T15:00:01.500Z","anonymousId":"b1946ac9-2492-4d23-8d5f-0f1f2a3b4c5d",
        "context":{"traits":{"plan":"a"},"sessionId":1700000000000,"sessionStart":true,
        "campaign":{"name":"Summer Sale","source":"news"},
        "library":{"name":"RudderLabs JavaScript SDK","version":"3.34.1"},
        "userAgent":"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1",
        "locale":"en-GB","page":{"url":"https:\/\/shop.example\/?utm_source=fb&utm_medium=cpc%20x&fbclid=F%2B1",
        "referrer":"https://fb.example/","search":"?x=1"},"ip":"203.0.113.7"}}
        """.ReplaceLineEndings("");

    public static readonly string Batch = "{\"batch\":[" + Browser
        + """,{"type":"identify","userId":42,"traits":{"age":3}}],"sentAt":"2026-11-21T15:00:02Z"}""";

    /// <summary>One of them with a few bytes changed, cut out, doubled or made of others.</summary>
    public static byte[] Mutated(Random random)
    {
        var bytes = Encoding.UTF8.GetBytes(random.Next(2) == 0 ? Browser : Batch).ToList();
        for (var change = random.Next(4); change >= 0 && bytes.Count > 1; change--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(40), bytes.Count - at);
            switch (random.Next(5))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveRange(at, length); break;
                case 2: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                case 3: bytes[at] = (byte)"{}[]\",:\\u0e-9"[random.Next(13)]; break;
                default: bytes.InsertRange(at, Encoding.UTF8.GetBytes("\\ud800{[null,\"\\u0000")); break;
            }
        }
        return [.. bytes];
    }
}
