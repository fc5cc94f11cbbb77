namespace Tributary.Streaming.Writing;

/// <summary>
/// Room in a producer's buffer, in bytes. Senders wait in line for it, so a large one is not starved by small ones.
/// More than all of it is let through alone, when the buffer is empty.
/// </summary>
internal sealed class BufferGate(int bytesMax, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _line = [];
    private long _held;

    public long Held
    {
        get
        {
            lock (_lock) return _held;
        }
    }

    /// <summary>False when there was no room within the bound.</summary>
    public async ValueTask<bool> EnterAsync(long bytes, TimeSpan waitMax, CancellationToken cancellationToken)
    {
        Waiter waiter;
        lock (_lock)
        {
            if (_line.Count == 0 && HasRoom_NeedsLock(bytes))
            {
                _held += bytes;
                return true;
            }
            waiter = new Waiter(bytes);
            _line.AddLast(waiter);
        }
        try
        {
            await waiter.Admitted.Task.WaitAsync(waitMax, time, cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            lock (_lock)
            {
                var left = _line.Remove(waiter);
                if (left) AdmitNext_NeedsLock(); // It may have stood before one that fits.
                else if (exception is TimeoutException) return true; // Admitted at the last moment.
                else Give_NeedsLock(bytes);
            }
            if (exception is TimeoutException) return false;
            throw;
        }
    }

    public void Leave(long bytes)
    {
        lock (_lock) Give_NeedsLock(bytes);
    }

    private void Give_NeedsLock(long bytes)
    {
        _held -= bytes;
        AdmitNext_NeedsLock();
    }

    private void AdmitNext_NeedsLock()
    {
        while (_line.First is { } first && HasRoom_NeedsLock(first.Value.Bytes))
        {
            _line.RemoveFirst();
            _held += first.Value.Bytes;
            first.Value.Admitted.SetResult();
        }
    }

    private bool HasRoom_NeedsLock(long bytes) => _held == 0 || _held + bytes <= bytesMax;

    private sealed class Waiter(long bytes)
    {
        public long Bytes => bytes;

        public TaskCompletionSource Admitted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
