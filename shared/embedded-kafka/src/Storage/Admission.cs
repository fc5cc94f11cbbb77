using Tributary.EmbeddedKafka.Topics;
using Tributary.EmbeddedKafka.Wire;

namespace Tributary.EmbeddedKafka.Storage;

/// <summary>Which batches a topic takes: the checks that need the batch and the topic's settings alone.</summary>
internal static class Admission
{
    public static Appended? Refuse(ReadOnlyMemory<byte> records, TopicSettings settings, long now)
    {
        var bytes = records.Span;
        if (bytes.Length < Batch.HeaderBytes) return Invalid(
            "a produce request holds one record batch for a partition");
        var batch = new Batch(bytes);
        if (batch.Magic != 2) return Invalid("only record batches of format 2 are taken");
        if (batch.Size < Batch.HeaderBytes || batch.Size > bytes.Length)
            return Appended.Refused(ErrorCode.CorruptMessage, "the batch is cut short");
        if (batch.Size != bytes.Length) return Invalid("a produce request holds one record batch for a partition");
        if (batch.BaseOffset != 0) return Invalid("the base offset of a new batch is zero");
        if (batch.Size > settings.BatchBytesMax)
        {
            return Appended.Refused(
                ErrorCode.MessageTooLarge, $"a batch of {batch.Size} bytes where {settings.BatchBytesMax} are allowed");
        }

        if (batch.Size > settings.SegmentBytes)
            return Appended.Refused(ErrorCode.RecordListTooLarge, "the batch is larger than a segment");
        if (!batch.IsIntact) return Appended.Refused(ErrorCode.CorruptMessage, "the batch's checksum is wrong");
        return RefuseContent(records, settings, now);
    }

    private static Appended? RefuseContent(ReadOnlyMemory<byte> bytes, TopicSettings settings, long now)
    {
        var batch = new Batch(bytes.Span);
        if (batch.IsControl) return Invalid("clients do not write control batches");
        if (batch.Count <= 0 || batch.Count != (long)batch.LastOffsetDelta + 1)
            return Invalid("the batch's number of records is not that of its offsets");
        if (batch.Compression > Compression.Zstd)
            return Appended.Refused(ErrorCode.UnsupportedCompressionType, "the compression is unknown");
        if (batch.IsTransactional)
            return Appended.Refused(ErrorCode.InvalidTxnState, "transactions are not offered");
        if (batch.ProducerId != Batch.NoProducer
            && (batch.ProducerId < 0 || batch.ProducerEpoch < 0 || batch.BaseSequence < 0))
            return Invalid("the producer's epoch or sequence is negative");
        if (settings.Compact && LacksKey(bytes)) return Invalid("a record in a compacted topic has a key");
        return settings.LogAppendTime ? null : RefuseTime(batch, settings, now);
    }

    /// <summary>Compacted topics alone are looked into: a record without a key could never be compacted.</summary>
    private static bool LacksKey(ReadOnlyMemory<byte> bytes) =>
        BatchRecords.Open(bytes) is { } opened && opened.Records.Any(record => record.Key is null);

    private static Appended? RefuseTime(Batch batch, TopicSettings settings, long now)
    {
        if (batch.HasLogAppendTime)
            return Appended.Refused(ErrorCode.InvalidTimestamp, "a producer does not set the time of appending");
        if (batch.MaxTimestamp >= 0 && batch.MaxTimestamp - now > settings.TimestampAfterMax)
            return Appended.Refused(ErrorCode.InvalidTimestamp, "a timestamp lies too far in the future");
        return batch.BaseTimestamp >= 0 && now - batch.BaseTimestamp > settings.TimestampBeforeMax
            ? Appended.Refused(ErrorCode.InvalidTimestamp, "a timestamp lies too far in the past")
            : null;
    }

    private static Appended Invalid(string reason) => Appended.Refused(ErrorCode.InvalidRecord, reason);
}
