using Microsoft.Extensions.Options;

namespace Tributary.Ingestion.Finding;

/// <summary>
/// Who looks, told to the thread that follows the tails; how far that thread is, told to those who look. Any thread.
/// </summary>
internal sealed class TailFollowing(IOptions<FindingOptions> options, TimeProvider time) : IDisposable
{
    private readonly ManualResetEventSlim _wanted = new();
    private volatile TaskCompletionSource _ends = New();
    private long _until;
    private long _passedOverAt = long.MinValue;
    private int _oneIn = 1;

    public bool IsWanted => time.GetTimestamp() < Volatile.Read(ref _until);

    /// <summary>Whether everything that was there when the tails were opened has been read.</summary>
    public bool IsReady => _ends.Task.IsCompletedSuccessfully;

    /// <summary>One in how many records is read at the moment; 1 is all of them.</summary>
    public int OneIn => time.GetElapsedTime(Volatile.Read(ref _passedOverAt)) < TimeSpan.FromSeconds(3)
        ? Volatile.Read(ref _oneIn) : 1;

    /// <summary>Someone looks: the tails are followed from now on, and for a while.</summary>
    public void Want()
    {
        var until = time.GetTimestamp() + (long)(options.Value.FollowedFor.TotalSeconds * time.TimestampFrequency);
        Volatile.Write(ref _until, until);
        _wanted.Set();
    }

    /// <returns>Whether the tails were read to their ends, within the bound that a question may wait.</returns>
    public async Task<bool> ReadyAsync(CancellationToken cancellationToken)
    {
        Want();
        try
        {
            await _ends.Task.WaitAsync(options.Value.TailWaitMax, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <returns>False when it is time to stop.</returns>
    public bool WaitUntilWanted(CancellationToken stop)
    {
        try
        {
            while (!IsWanted)
            {
                _wanted.Reset();
                if (!IsWanted) _wanted.Wait(stop);
            }

            return !stop.IsCancellationRequested;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public void ReachedEnds() => _ends.TrySetResult();

    public void PassedOver(long read, long passedOver)
    {
        Volatile.Write(ref _oneIn, (int)Math.Clamp((read + passedOver) / Math.Max(1, read), 1, int.MaxValue));
        Volatile.Write(ref _passedOverAt, time.GetTimestamp());
    }

    /// <summary>Whoever waits for the ends waits for the next opening; whoever asks then, too.</summary>
    public void Ended()
    {
        if (IsReady) _ends = New();
    }

    public void Dispose() => _wanted.Dispose();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
