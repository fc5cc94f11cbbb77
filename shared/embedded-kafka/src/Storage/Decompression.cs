using System.Buffers;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Tributary.EmbeddedKafka.Storage;

/// <summary>
/// Undoes the compressions of batches. Zstandard is the system's own library, and what can't be expanded stays closed,
/// which keeps its records from being compacted and nothing else.
/// </summary>
internal static class Decompression
{
    private const int ExpandedBytesMax = 64 * 1024 * 1024;
    private const int BlockBytes = 64 * 1024;

    public static ReadOnlyMemory<byte>? Expand(Compression compression, ReadOnlyMemory<byte> payload) =>
        compression switch
        {
            Compression.None => payload,
            Compression.Gzip => Gzip(payload),
            Compression.Snappy => Snappy.Expand(payload.Span, ExpandedBytesMax),
            Compression.Lz4 => Lz4.Expand(payload.Span, ExpandedBytesMax),
            Compression.Zstd when Zstd.IsThere => Zstd.Expand(payload.Span, ExpandedBytesMax),
            _ => null,
        };

    private static ReadOnlyMemory<byte> Gzip(ReadOnlyMemory<byte> payload)
    {
        var source = MemoryMarshal.TryGetArray(payload, out var array) ? array : payload.ToArray();
        using var stream = new GZipStream(
            new MemoryStream(source.Array!, source.Offset, source.Count), CompressionMode.Decompress);
        using var expanded = new MemoryStream();
        var block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            for (int read; (read = stream.Read(block)) > 0;)
            {
                if (expanded.Length + read > ExpandedBytesMax)
                    throw new InvalidDataException("a compressed batch expands beyond the limit");
                expanded.Write(block, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }

        return expanded.GetBuffer().AsMemory(0, (int)expanded.Length);
    }
}
