using System.Net;
using Tributary.ClickHouse.Compression;

namespace Tributary.ClickHouse.Http;

/// <summary>A body in ClickHouse's compressed blocks.</summary>
internal sealed class CompressedContent(ReadOnlyMemory<byte> data) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context,
        CancellationToken cancellationToken)
    {
        await using var blocks = new BlockWriteStream(stream);
        await blocks.WriteAsync(data, cancellationToken);
        await blocks.FlushAsync(cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
