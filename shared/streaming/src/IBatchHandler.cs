namespace Tributary.Streaming;

/// <summary>
/// Handles one batch of one partition at a time, in order. Returning means that every event is durable or rejected and
/// that the stored offset moved with it; throwing means that nothing moved: the reader seeks back to the stored offset
/// and tries again with backoff.
/// </summary>
public interface IBatchHandler<TEvent>
{
    ValueTask HandleAsync(Batch<TEvent> batch, CancellationToken cancellationToken);
}
