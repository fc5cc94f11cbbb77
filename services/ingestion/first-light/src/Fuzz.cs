using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;

namespace Tributary.FirstLight;

/// <summary>What a fuzz came to.</summary>
/// <param name="Statuses">How many calls were answered with each.</param>
/// <param name="Faults">The first calls that were answered as if we had failed, or not at all.</param>
internal sealed record FuzzReport(
    long Sent, IReadOnlyDictionary<int, long> Statuses, IReadOnlyList<string> Faults)
{
    public override string ToString() => $"{Sent} calls: "
        + string.Join(", ", Statuses.OrderBy(status => status.Key).Select(one => $"{one.Key}: {one.Value}"));
}

/// <summary>Sends what libraries sent, changed by chance, and keeps what was answered as if we had failed.</summary>
internal sealed class Fuzz(Uri edge, IReadOnlyList<Capture> captures) : IDisposable
{
    private const int FaultsMax = 10;
    private const int AtOnce = 16;
    private const int ChangesMax = 4;

    private static readonly string[] Sprinkled =
    [
        "null", "-1", "1e999", "\"\"", "[]", "{}", "[[[[", "{{{{", "\\u0000", "\\ud800", "\0", "\u00ff\u00fe", "\"",
        "true", "99999999999999999999", "\"9999-12-31T23:59:59Z\"", "\"messageId\":null,", "\"type\":\"\\u0000\",",
        "\"userId\":{\"a\":1},", "\"timestamp\":\"0000-00-00\",", "//", ",,", "\"batch\":[null],", "\uFEFF",
    ];

    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = AtOnce });
    private readonly ConcurrentDictionary<int, long> _statuses = new();
    private readonly ConcurrentQueue<string> _faults = new();

    public async Task<FuzzReport> RunAsync(int calls, int seed)
    {
        await Parallel.ForAsync(
            0, calls, new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (number, cancellationToken) => await SendAsync(new Random(seed + number), cancellationToken));
        return new(calls, _statuses.ToDictionary(), [.. _faults]);
    }

    public void Dispose() => _http.Dispose();

    private async Task SendAsync(Random chance, CancellationToken cancellationToken)
    {
        var capture = captures[chance.Next(captures.Count)];
        var body = Change(capture.BodyBytes, chance);
        // Now and then compressed where it was not, changed after it was compressed, or only said to be.
        var gzip = chance.Next(8) == 0 ? !capture.IsGzip : capture.IsGzip;
        if (gzip && chance.Next(8) != 0) body = Compressed(body);
        if (gzip && chance.Next(8) == 0) body = Change(body, chance);
        try
        {
            using var call = new HttpRequestMessage(HttpMethod.Post, new Uri(edge, capture.Path));
            call.Content = new ByteArrayContent(body);
            foreach (var (name, value) in capture.Headers.Where(header => header.Name != "content-encoding"))
            {
                if (!call.Headers.TryAddWithoutValidation(name, value))
                    call.Content.Headers.TryAddWithoutValidation(name, value);
            }
            if (gzip) call.Content.Headers.ContentEncoding.Add("gzip");
            using var answer = await _http.SendAsync(call, cancellationToken);
            Book((int)answer.StatusCode, capture, body);
        }
        catch (HttpRequestException lost)
        {
            Book(0, capture, body, lost.Message);
        }
    }

    private void Book(int status, Capture capture, byte[] body, string? said = null)
    {
        _statuses.AddOrUpdate(status, 1, (_, count) => count + 1);
        if (status is > 0 and < 500 || _faults.Count >= FaultsMax) return;
        _faults.Enqueue($"{status} {said} to {capture.Path} with {Convert.ToBase64String(body)}");
    }

    private static byte[] Change(byte[] body, Random chance)
    {
        var changed = body.ToList();
        for (var turn = chance.Next(ChangesMax); turn >= 0 && changed.Count > 0; turn--)
        {
            var at = chance.Next(changed.Count);
            var length = Math.Min(chance.Next(1, 40), changed.Count - at);
            switch (chance.Next(6))
            {
                case 0:
                    changed[at] = (byte)chance.Next(256);
                    break;
                case 1:
                    changed.RemoveRange(at, length);
                    break;
                case 2:
                    changed.RemoveRange(at, changed.Count - at);
                    break;
                case 3:
                    changed.InsertRange(chance.Next(changed.Count), changed.GetRange(at, length));
                    break;
                case 4:
                    changed.InsertRange(at, Encoding.UTF8.GetBytes(Sprinkled[chance.Next(Sprinkled.Length)]));
                    break;
                default:
                    changed.RemoveRange(at, length);
                    changed.InsertRange(at, Encoding.UTF8.GetBytes(Sprinkled[chance.Next(Sprinkled.Length)]));
                    break;
            }
        }
        return [.. changed];
    }

    private static byte[] Compressed(byte[] body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(body);
        return packed.ToArray();
    }
}
