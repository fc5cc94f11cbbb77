namespace Tributary.EmbeddedKafka.Storage;

/// <summary>What a partition remembers of an idempotent producer: its epoch and its last five batches.</summary>
internal sealed class Producer(long id)
{
    public const int BatchesKept = 5;

    public long Id { get; } = id;
    public short Epoch { get; set; } = -1;
    public long SeenAt { get; set; }
    public List<Sent> Batches { get; } = new(BatchesKept);

    internal readonly record struct Sent(
        int FirstSequence, int LastSequence, long FirstOffset, long LastOffset, long Timestamp);
}

/// <summary>The verdict on a batch's sequence.</summary>
internal enum SequenceCheck
{
    Next,
    Duplicate,
    OutOfOrder,
    StaleEpoch,
}

/// <summary>
/// The idempotent producers of one partition: Kafka's sequence checks over the last five batches of each.
/// Used under the partition's write lock.
/// </summary>
internal sealed class Producers
{
    private readonly Dictionary<long, Producer> byId = [];

    public IReadOnlyCollection<Producer> All => byId.Values;

    public void Restore(Producer producer) => byId[producer.Id] = producer;

    public SequenceCheck Check(Batch batch, out Producer.Sent duplicate)
    {
        duplicate = default;
        if (!byId.TryGetValue(batch.ProducerId, out var producer)) return SequenceCheck.Next;
        if (batch.ProducerEpoch < producer.Epoch) return SequenceCheck.StaleEpoch;
        if (batch.ProducerEpoch > producer.Epoch)
            return batch.BaseSequence == 0 ? SequenceCheck.Next : SequenceCheck.OutOfOrder;

        var last = LastSequence(batch);
        foreach (var sent in producer.Batches)
        {
            if (sent.FirstSequence != batch.BaseSequence || sent.LastSequence != last) continue;
            duplicate = sent;
            return SequenceCheck.Duplicate;
        }

        return producer.Batches.Count == 0 || Follows(producer.Batches[^1].LastSequence, batch.BaseSequence)
            ? SequenceCheck.Next
            : SequenceCheck.OutOfOrder;
    }

    /// <summary>Notes a batch that was appended at <paramref name="firstOffset"/>.</summary>
    public void Note(Batch batch, long firstOffset, long now)
    {
        if (batch.ProducerId == Batch.NoProducer) return;
        if (!byId.TryGetValue(batch.ProducerId, out var producer))
            byId[batch.ProducerId] = producer = new Producer(batch.ProducerId);
        if (producer.Epoch != batch.ProducerEpoch) producer.Batches.Clear();

        producer.Epoch = batch.ProducerEpoch;
        producer.SeenAt = now;
        if (producer.Batches.Count == Producer.BatchesKept) producer.Batches.RemoveAt(0);
        var lastOffset = firstOffset + batch.LastOffsetDelta;
        producer.Batches.Add(new(batch.BaseSequence, LastSequence(batch), firstOffset, lastOffset, batch.MaxTimestamp));
    }

    /// <summary>Forgets producers unseen since a moment, and beyond a number the ones unseen for longest.</summary>
    public void Expire(long seenBefore, int countMax)
    {
        foreach (var producer in byId.Values.Where(producer => producer.SeenAt < seenBefore).ToList())
            byId.Remove(producer.Id);
        if (byId.Count <= countMax) return;
        foreach (var producer in byId.Values.OrderBy(producer => producer.SeenAt).Take(byId.Count - countMax).ToList())
            byId.Remove(producer.Id);
    }

    /// <summary>Sequences go round: after the highest number comes zero.</summary>
    private static bool Follows(int last, int next) => next == (last == int.MaxValue ? 0 : last + 1);

    private static int LastSequence(Batch batch) =>
        (int)(((long)batch.BaseSequence + batch.LastOffsetDelta) % ((long)int.MaxValue + 1));
}
