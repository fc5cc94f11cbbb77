namespace Tributary.EmbeddedKafka.Storage;

/// <summary>
/// A fetch that waits for bytes: told of appends by the logs it was added to, it ends when enough were appended.
/// Nothing polls.
/// </summary>
internal sealed class FetchWait(long bytesWanted)
{
    private readonly TaskCompletionSource enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long missing = bytesWanted;

    public Task Enough => enough.Task;

    public void Grew(long bytes)
    {
        if (Interlocked.Add(ref missing, -bytes) <= 0) enough.TrySetResult();
    }
}
