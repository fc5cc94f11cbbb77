using Tributary.Contracts;
using Tributary.Streaming;
using Tributary.Streaming.Writing;

namespace Tributary.Ingestion.Deduplicating;

/// <summary>
/// Writes each event whose id was not seen in the window to the same partition of <c>events.v1</c>, in order, with the
/// place that it comes from. The steps are those of recipe 2.
/// </summary>
internal sealed class Deduplicate(
    EventsTail tail, EventsWriter writer, WindowFolder folder, DeduplicationMetrics metrics, DeduplicationClock clock)
    : IBatchHandler<ReceivedEvent>
{
    public const string Consumer = "ingestion.deduplicator";

    public async ValueTask HandleAsync(Batch<ReceivedEvent> batch, CancellationToken cancellationToken)
    {
        var span = batch.Span;

        // 1. The window as it was before this batch. A batch that failed leaves none: the reader opens anew.
        var state = tail.StateAt(span) ?? throw new InvalidOperationException(
            $"the window of {span.Topic}[{span.Partition}] is not at {span.Start}");
        state.Begin();

        // 2. What was not seen, in order.
        var written = Decide(batch, state);

        // 3. All of it acknowledged, or the producer ends with a prefix of it written.
        await writer.WriteAsync(written, cancellationToken);

        // 4. The state is that of the batch's end; the log's tail says the same.
        state.MoveTo(span.End);
        metrics.BatchWritten(written.Count, batch.Events.Count - written.Count);
        if (clock.IsTimeToSave(state)) folder.Write(state);
    }

    private static List<OutgoingRecord> Decide(Batch<ReceivedEvent> batch, PartitionState state)
    {
        var written = new List<OutgoingRecord>(batch.Events.Count);
        for (var index = 0; index < batch.Events.Count; index++)
        {
            var record = batch.Records[index];
            if (state.Decide(batch.Events[index], record) is not { } headers) continue;
            written.Add(new OutgoingRecord(Topics.Events.Name, record.Key, record.Value!)
            {
                Partition = state.Partition,
                Headers = headers,
                Time = record.Time,
            });
        }
        return written;
    }
}
