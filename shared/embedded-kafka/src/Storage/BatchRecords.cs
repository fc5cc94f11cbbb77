using Tributary.EmbeddedKafka.Wire;

namespace Tributary.EmbeddedKafka.Storage;

/// <summary>
/// A record inside an opened batch: its place in the payload, and what compaction and look-ups by time read.
/// </summary>
internal readonly record struct RecordPlace(
    long Offset, long Timestamp, int Start, int Length, ReadOnlyMemory<byte>? Key, bool HasValue);

/// <summary>
/// The records of one batch. Only compaction and look-ups by time open batches; appends and fetches never do.
/// </summary>
internal static class BatchRecords
{
    /// <summary>The records, or null where the batch's compression is not known here.</summary>
    public static List<RecordPlace>? Open(ReadOnlyMemory<byte> bytes) =>
        Payload(bytes) is { } payload ? Parse(bytes, payload) : null;

    /// <summary>The payload as it was before compression; null where the compression is not known here.</summary>
    public static ReadOnlyMemory<byte>? Payload(ReadOnlyMemory<byte> bytes)
    {
        var batch = new Batch(bytes.Span);
        var payload = bytes[Batch.HeaderBytes..batch.Size];
        return Decompression.Expand(batch.Compression, payload);
    }

    public static List<RecordPlace> Parse(ReadOnlyMemory<byte> bytes, ReadOnlyMemory<byte> payload)
    {
        var batch = new Batch(bytes.Span);
        var reader = new WireReader().Begin(payload);
        var records = new List<RecordPlace>();
        for (var count = batch.Count; count > 0; count--)
        {
            var start = payload.Length - reader.Left;
            var length = reader.SignedVarint();
            var left = reader.Left;
            reader.Skip(1);
            var timestamp = batch.HasLogAppendTime ? batch.MaxTimestamp : batch.BaseTimestamp + reader.SignedVarlong();
            if (batch.HasLogAppendTime) reader.SignedVarlong();
            var offset = batch.BaseOffset + reader.SignedVarint();
            var keyLength = reader.SignedVarint();
            var keyAt = payload.Length - reader.Left;
            if (keyLength > 0) reader.Skip(keyLength);
            var hasValue = reader.SignedVarint() >= 0;
            reader.Skip(checked((int)length - (left - reader.Left)));
            ReadOnlyMemory<byte>? key = keyLength < 0 ? null : payload.Slice(keyAt, keyLength);
            records.Add(new RecordPlace(offset, timestamp, start, payload.Length - reader.Left - start, key, hasValue));
        }

        return records;
    }
}
