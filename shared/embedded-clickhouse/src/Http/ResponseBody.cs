using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Tributary.ClickHouse.Compression;

namespace Tributary.EmbeddedClickHouse.Http;

/// <summary>The body with what it is wrapped in: ClickHouse's blocks inside, HTTP's encoding outside.</summary>
internal sealed class ResponseBody : IAsyncDisposable
{
    private static readonly string[] Preferred = ["zstd", "gzip", "br", "deflate"];
    private readonly HttpContext context;
    private readonly Stream? encoding;
    private readonly BlockWriteStream? blocks;
    private bool finished;

    private ResponseBody(HttpContext context, Stream? encoding, bool inBlocks)
    {
        this.context = context;
        this.encoding = encoding;
        blocks = inBlocks ? new BlockWriteStream(encoding ?? context.Response.Body) : null;
    }

    public Stream Outermost => blocks ?? encoding ?? context.Response.Body;

    public static ResponseBody For(HttpContext context, QueryRequest request)
    {
        var enabled = request.Setting("enable_http_compression") is "" or "1" or "true";
        var accepted = context.Request.Headers.AcceptEncoding.ToString();
        var name = enabled ? Preferred.FirstOrDefault(candidate => Accepts(accepted, candidate)) : null;
        if (name is not null) context.Response.Headers.ContentEncoding = name;

        return new ResponseBody(context, Encode(name, context.Response.Body), request.Compress);
    }

    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        finished = true;
        if (blocks is not null) await blocks.FlushAsync(cancellationToken);
        if (encoding is ZstdWriteStream zstd) await zstd.FinishAsync(cancellationToken);
        if (encoding is not null) await encoding.DisposeAsync();
        await context.Response.Body.FlushAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (blocks is not null) await blocks.DisposeAsync();
        if (!finished && encoding is ZstdWriteStream) await encoding.DisposeAsync();
    }

    private static bool Accepts(string header, string name) => header.Split(',')
        .Any(part => part.Split(';')[0].Trim().Equals(name, StringComparison.OrdinalIgnoreCase));

    private static Stream? Encode(string? name, Stream target) => name switch
    {
        "zstd" => new ZstdWriteStream(target),
        "gzip" => new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true),
        "br" => new BrotliStream(target, CompressionLevel.Fastest, leaveOpen: true),
        "deflate" => new ZLibStream(target, CompressionLevel.Fastest, leaveOpen: true),
        _ => null,
    };
}
