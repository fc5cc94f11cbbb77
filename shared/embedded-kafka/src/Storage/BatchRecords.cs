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
    /// <summary>
    /// The records and the payload they lie in; null where the compression is not known here, or where what came under
    /// a right checksum are no records: such a batch is kept and passed on as it is.
    /// </summary>
    public static (List<RecordPlace> Records, ReadOnlyMemory<byte> Payload)? Open(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var batch = new Batch(bytes.Span);
            return Decompression.Expand(batch.Compression, bytes[Batch.HeaderBytes..batch.Size]) is { } payload
                ? (Parse(bytes, payload), payload)
                : null;
        }
        catch (Exception unreadable) when (unreadable is MalformedException or InvalidDataException
            or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            return null;
        }
    }

    private static List<RecordPlace> Parse(ReadOnlyMemory<byte> bytes, ReadOnlyMemory<byte> payload)
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
            // Named by its type: a bare null would become memory of no bytes, which is a key.
            var key = keyLength < 0 ? default(ReadOnlyMemory<byte>?) : payload.Slice(keyAt, keyLength);
            records.Add(new RecordPlace(offset, timestamp, start, payload.Length - reader.Left - start, key, hasValue));
        }

        return records;
    }
}
