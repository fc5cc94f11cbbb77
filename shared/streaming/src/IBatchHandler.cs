namespace Tributary.Streaming;

/// <summary>
/// Handles one batch of one partition at a time, in order. Returning means that every event is durable or rejected and
/// that the stored offset moved with it (by <see cref="Batch{TEvent}.Span"/>); throwing means that nothing moved: the
/// reader seeks back to the stored offset and tries again with backoff. A batch may be empty (all of it was skipped or
/// went to dead letters before): its span is moved all the same. Called on the thread pool; batches of different
/// partitions may be handled at once.
/// </summary>
public interface IBatchHandler<TEvent>
{
    ValueTask HandleAsync(Batch<TEvent> batch, CancellationToken cancellationToken);
}
