using System.Text.Json.Nodes;

namespace Tributary.Ingestion.Tests.Finding;

/// <summary>One block of a stream of server-sent events; a comment alone has no name.</summary>
internal sealed record SseBlock(string Id, string Name, string Data, string Comment)
{
    public JsonNode Json => JsonNode.Parse(Data)!;
}

/// <summary>An open stream, read block by block, as a browser does. Every read has a bound.</summary>
internal sealed class SseReader : IAsyncDisposable
{
    private readonly CancellationTokenSource _bound = new(TimeSpan.FromSeconds(60));
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private SseReader(HttpResponseMessage response, Stream stream)
    {
        _response = response;
        _reader = new StreamReader(stream);
    }

    public static async Task<SseReader> OpenAsync(HttpClient client, string path, string lastId = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastId.Length > 0) request.Headers.Add("Last-Event-ID", lastId);
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        return new(response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>The next block; null at the end.</summary>
    public async Task<SseBlock?> NextAsync()
    {
        var (id, name, data, comment) = ("", "", "", "");
        while (await _reader.ReadLineAsync(_bound.Token) is { } line)
        {
            if (line.Length == 0) return new(id, name, data, comment);
            if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
            else if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) data += line[6..];
            else if (line.StartsWith(": ", StringComparison.Ordinal)) comment = line[2..];
        }

        return null;
    }

    public async Task<SseBlock> UntilAsync(Func<SseBlock, bool> isIt)
    {
        while (await NextAsync() is { } block)
        {
            if (isIt(block)) return block;
        }

        throw new EndOfStreamException("the stream ended before");
    }

    public async ValueTask DisposeAsync()
    {
        await _bound.CancelAsync();
        _reader.Dispose();
        _response.Dispose();
        _bound.Dispose();
    }
}
