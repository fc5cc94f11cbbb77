using System.Buffers.Binary;
using Tributary.Streaming;

namespace Tributary.Ingestion.Deduplicating;

/// <summary>How many repeats a source has sent.</summary>
internal readonly record struct RepeatCount(Guid Organisation, Guid Source, int Repeats);

/// <summary>
/// The repeats that were left out between one record of <c>events.v1</c> and the next, which carries them in a header.
/// So they are part of the log: whoever reads the topic, skipping by position, counts each repeat once. Repeats after
/// the last record of a partition are told by the next one.
/// </summary>
internal static class Repeats
{
    public const string HeaderName = "tributary-repeats";
    private const int EntryBytes = 36; // Organisation and source, 16 bytes each, and the count; all big-endian.

    public static RecordHeader ToHeader(IReadOnlyCollection<RepeatCount> counts)
    {
        var bytes = new byte[counts.Count * EntryBytes];
        var at = 0;
        foreach (var (organisation, source, repeats) in counts)
        {
            organisation.TryWriteBytes(bytes.AsSpan(at), bigEndian: true, out _);
            source.TryWriteBytes(bytes.AsSpan(at + 16), bigEndian: true, out _);
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(at + 32), repeats);
            at += EntryBytes;
        }
        return new RecordHeader(HeaderName, bytes);
    }

    /// <summary>Empty where there is no such header, or none that can be read.</summary>
    public static IReadOnlyList<RepeatCount> Of(IReadOnlyList<RecordHeader> headers)
    {
        for (var index = headers.Count - 1; index >= 0; index--)
        {
            if (headers[index].Name == HeaderName) return Read(headers[index].Value.Span);
        }
        return [];
    }

    private static RepeatCount[] Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % EntryBytes != 0) return [];
        var counts = new RepeatCount[bytes.Length / EntryBytes];
        for (var index = 0; index < counts.Length; index++)
        {
            var entry = bytes.Slice(index * EntryBytes, EntryBytes);
            counts[index] = new(
                new Guid(entry[..16], bigEndian: true), new Guid(entry[16..32], bigEndian: true),
                BinaryPrimitives.ReadInt32BigEndian(entry[32..]));
        }
        return counts;
    }
}
