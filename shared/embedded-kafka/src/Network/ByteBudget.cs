namespace Tributary.EmbeddedKafka.Network;

/// <summary>A bound on the bytes of large requests in memory at once. Who finds too few left waits in turn.</summary>
internal sealed class ByteBudget(long bytes)
{
    private readonly Lock gate = new();
    private readonly Queue<(long Bytes, TaskCompletionSource Granted)> waiting = new();
    private long left = bytes;

    public ValueTask TakeAsync(long wanted)
    {
        lock (gate)
        {
            if (waiting.Count == 0 && wanted <= left)
            {
                left -= wanted;
                return ValueTask.CompletedTask;
            }

            var granted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Enqueue((wanted, granted));
            return new ValueTask(granted.Task);
        }
    }

    public void Return(long taken)
    {
        lock (gate)
        {
            left += taken;
            while (waiting.TryPeek(out var next) && next.Bytes <= left)
            {
                left -= next.Bytes;
                waiting.Dequeue().Granted.SetResult();
            }
        }
    }
}
