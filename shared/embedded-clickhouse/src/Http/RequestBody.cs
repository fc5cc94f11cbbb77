using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;
using Tributary.ClickHouse.Compression;
using Tributary.EmbeddedClickHouse.Engine;
using Tributary.EmbeddedClickHouse.Statements;

namespace Tributary.EmbeddedClickHouse.Http;

/// <summary>
/// A request's text and, after it, the data of an insert, which is streamed and never held as a whole.
/// </summary>
internal sealed class RequestBody(Stream source)
{
    /// <summary>The longest text of a statement; data of an insert do not count.</summary>
    private const int TextMax = 16 * 1024 * 1024;

    private const int LoggedMax = 100_000;

    private byte[] text = [];
    private int filled;

    /// <summary>The statement as it came, without the data after it, cut where ClickHouse's log cuts it.</summary>
    public string Text { get; private set; } = "";

    public static RequestBody Of(HttpRequest request, bool inBlocks, bool consumed)
    {
        if (consumed) return new RequestBody(Stream.Null);

        var encoding = request.Headers.ContentEncoding.ToString();
        var decoded = encoding switch
        {
            "" or "identity" => request.Body,
            "gzip" => new GZipStream(request.Body, CompressionMode.Decompress),
            "deflate" => new ZLibStream(request.Body, CompressionMode.Decompress),
            "br" => new BrotliStream(request.Body, CompressionMode.Decompress),
            "zstd" => new ZstdReadStream(request.Body),
            _ => throw new EngineException(48, "NOT_IMPLEMENTED", $"Unknown compression method: {encoding}"),
        };
        return new RequestBody(inBlocks ? new BlockReadStream(decoded) : decoded);
    }

    /// <summary>The statement that the query parameter and the body make together.</summary>
    public async Task<Statement> ReadStatementAsync(string query, CancellationToken cancellationToken)
    {
        text = new byte[Math.Max(64 * 1024, Encoding.UTF8.GetMaxByteCount(query.Length) + 1)];
        filled = Encoding.UTF8.GetBytes(query, text);
        if (filled > 0) text[filled++] = (byte)'\n';

        while (!StatementReader.DataHasBegun(text.AsSpan(0, filled)))
        {
            if (filled == text.Length) Array.Resize(ref text, text.Length * 2);
            if (filled >= TextMax) throw new EngineException(229, "QUERY_IS_TOO_LARGE", "Max query size exceeded");

            var read = await source.ReadAsync(text.AsMemory(filled), cancellationToken);
            if (read == 0) break;
            filled += read;
        }

        var statement = StatementReader.Read(text.AsMemory(0, filled));
        var length = statement is Statement.InsertWithRows insert ? insert.DataAt : filled;
        Text = Encoding.UTF8.GetString(text, 0, Math.Min(length, LoggedMax)).TrimEnd();
        return statement;
    }

    /// <summary>Gives the data from <paramref name="start"/> of the text on, to the body's end, to an insert.</summary>
    public async Task<bool> CopyDataAsync(int start, EngineInsert insert, CancellationToken cancellationToken)
    {
        if (start < filled && !insert.Append(text.AsSpan(start, filled - start))) return false;

        var buffer = new byte[512 * 1024];
        while (true)
        {
            var read = await source.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false,
                cancellationToken);
            if (read == 0) return true;
            if (!insert.Append(buffer.AsSpan(0, read))) return false;
        }
    }
}
