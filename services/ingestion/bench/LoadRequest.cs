using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Tributary.Ingestion.Bench;

/// <summary>
/// A request as <c>load.lua</c> sends it again and again: whole, but for the ten digits that make its message ids and
/// persons new each time. In a gzip body the digits stand once, in a stored block at their first place; every later
/// place is a copy of it, as gzip makes them, so that changing the one changes all.
/// </summary>
internal sealed class LoadRequest
{
    public const int EventsInBatch = 100;
    public const int EventBytes = 500;
    private const string Fill = "~~~~";
    // No part of it is anywhere else in a request, or gzip would copy digits to there.
    private const string Placeholder = "#*!(;@)^<>";
    private const string PersonPlaceholder = "%%%";
    private readonly byte[] _request;
    private readonly IReadOnlyList<int> _places;
    private readonly GzipBody? _gzip;
    private readonly int _bodyAt;

    private LoadRequest(byte[] head, byte[] body, IReadOnlyList<int> places, GzipBody? gzip)
    {
        _request = [.. head, .. body];
        _bodyAt = head.Length;
        _places = [.. places.Select(place => place < 0 ? place - head.Length : place + head.Length)];
        _gzip = gzip;
    }

    public int BodyBytes => _request.Length - _bodyAt;

    /// <summary>One event, by a call of its own.</summary>
    public static LoadRequest Single(string authorization, Uri address)
    {
        var (body, places) = Digits(Event(RunOf(), 0, PersonPlaceholder));
        return new(Head(authorization, address, "/v1/track", body.Length, gzip: false), body, places, gzip: null);
    }

    /// <summary>A hundred events of a hundred persons in one call.</summary>
    public static LoadRequest Batch(string authorization, Uri address, bool gzip)
    {
        var run = RunOf();
        var events = Enumerable.Range(0, EventsInBatch)
            .Select(index => Event(run, index, index.ToString("000", CultureInfo.InvariantCulture)));
        var (body, places) = Digits($$"""{"batch":[{{string.Join(',', events)}}],"sentAt":"{{Now()}}"}""");
        if (!gzip)
            return new(Head(authorization, address, "/v1/batch", body.Length, gzip), body, places, gzip: null);

        var packed = GzipBody.Of(body, places, Placeholder.Length);
        return new(
            Head(authorization, address, "/v1/batch", packed.Bytes.Length, gzip), packed.Bytes, [packed.DigitsAt],
            packed);
    }

    /// <summary>Writes what the script reads, and returns the description's path.</summary>
    public string WriteTo(string folder)
    {
        var request = Path.Combine(folder, $"{Guid.NewGuid():n}.request");
        File.WriteAllBytes(request, _request);
        var crc = _gzip is null
            ? ""
            : $", crc_at = {_bodyAt + _gzip.CrcAt}, crc_start = {_gzip.CrcOfZeros}, "
                + $"crc_change = {{ {string.Join(", ", _gzip.CrcChanges)} }}";
        var description = Path.ChangeExtension(request, ".lua");
        File.WriteAllText(
            description,
            $$"""return { request = "{{request}}", digits = {{Placeholder.Length}}"""
            + $$""", places = { {{string.Join(", ", _places)}} }{{crc}} }""");
        return description;
    }

    // The digits stand in the middle of what all events of a batch have in common, so that gzip copies them as a whole.
    private static string Event(string run, int index, string person)
    {
        var chance = new Random(index);
        var text = $$"""
            {"messageId":"{{run}}-{{Placeholder}}-{{index:000}}","type":"track","event":"Product Added",
            "anonymousId":"anonymous-{{person}}","originalTimestamp":"{{Now()}}","note":"{{Fill}}",
            "properties":{"product_id":"sku-{{chance.Next(100_000)}}","price":{{chance.Next(10_000) / 100.0}},
            "currency":"EUR","quantity":{{chance.Next(1, 9)}},"cart_id":"cart-{{chance.NextInt64()}}"},
            "context":{"page":{"path":"/products/{{chance.Next(1_000)}}","referrer":"https://example.org/",
            "url":"https://example.com/?utm_source=newsletter&utm_campaign=c{{chance.Next(100)}}"},"locale":"de-DE"} }
            """.ReplaceLineEndings("");
        var missing = Math.Max(0, EventBytes - Encoding.UTF8.GetByteCount(text) + Fill.Length);
        return text.Replace(Fill, new string('x', missing), StringComparison.Ordinal);
    }

    // A place is where the placeholder stands; below zero, where a person's three digits do.
    private static (byte[] Body, IReadOnlyList<int> Places) Digits(string text)
    {
        var places = new List<int>();
        for (var at = text.IndexOf(Placeholder, StringComparison.Ordinal); at >= 0;
            at = text.IndexOf(Placeholder, at + 1, StringComparison.Ordinal)) places.Add(at);
        var person = text.IndexOf(PersonPlaceholder, StringComparison.Ordinal);
        if (person >= 0) places.Add(-person);
        return (Encoding.ASCII.GetBytes(text.Replace(PersonPlaceholder, "000", StringComparison.Ordinal)), places);
    }

    private static byte[] Head(string authorization, Uri address, string path, int length, bool gzip) =>
        Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: {address.Authority}\r\nAuthorization: {authorization}\r\n"
            + "Content-Type: application/json\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0\r\n"
            + (gzip ? "Content-Encoding: gzip\r\n" : "")
            + string.Create(CultureInfo.InvariantCulture, $"Content-Length: {length}\r\n\r\n"));

    private static string RunOf() => Guid.NewGuid().ToString("n")[..8];

    private static string Now() =>
        TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
