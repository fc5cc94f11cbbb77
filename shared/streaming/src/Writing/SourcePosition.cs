using System.Buffers.Binary;

namespace Tributary.Streaming.Writing;

/// <summary>
/// Where a record's content comes from (a topic's id and an offset, or an outbox's id and a position). A writer that
/// may repeat itself puts it in a header; readers skip what is not above the highest they have kept of that source, by
/// partition: so what one partition holds of a source must be written in the order of its positions. The one place
/// that writes and reads the header: 16 bytes of the GUID, 8 of the position, both big-endian.
/// </summary>
public readonly record struct SourcePosition(Guid Source, long Position)
{
    public const string HeaderName = "tributary-source";
    private const int Length = 24;

    public RecordHeader ToHeader()
    {
        var bytes = new byte[Length];
        Source.TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(16), Position);
        return new RecordHeader(HeaderName, bytes);
    }

    /// <summary>
    /// Null where there is no such header. One that can't be read counts as none: the record is not skipped.
    /// </summary>
    public static SourcePosition? Of(IReadOnlyList<RecordHeader> headers)
    {
        for (var index = headers.Count - 1; index >= 0; index--)
        {
            if (headers[index].Name != HeaderName) continue;
            var bytes = headers[index].Value.Span;
            if (bytes.Length != Length) return null;
            return new SourcePosition(
                new Guid(bytes[..16], bigEndian: true), BinaryPrimitives.ReadInt64BigEndian(bytes[16..]));
        }
        return null;
    }
}
