using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Tributary.EmbeddedKafka.Storage;

/// <summary>
/// Undoes the compressions that are a short piece of code: none, gzip, snappy and lz4. Zstandard is not: its batches
/// stay closed, which keeps their records from being compacted and nothing else.
/// </summary>
internal static class Decompression
{
    private const int ExpandedBytesMax = 256 * 1024 * 1024;

    public static ReadOnlyMemory<byte>? Expand(Compression compression, ReadOnlyMemory<byte> payload) =>
        compression switch
        {
            Compression.None => payload,
            Compression.Gzip => Gzip(payload),
            Compression.Snappy => Snappy.Expand(payload.Span, ExpandedBytesMax),
            Compression.Lz4 => Lz4.Expand(payload.Span, ExpandedBytesMax),
            _ => null,
        };

    private static ReadOnlyMemory<byte> Gzip(ReadOnlyMemory<byte> payload)
    {
        var source = MemoryMarshal.TryGetArray(payload, out var array) ? array : payload.ToArray();
        using var stream = new GZipStream(
            new MemoryStream(source.Array!, source.Offset, source.Count), CompressionMode.Decompress);
        using var expanded = new MemoryStream();
        stream.CopyTo(expanded);
        return expanded.ToArray();
    }
}
