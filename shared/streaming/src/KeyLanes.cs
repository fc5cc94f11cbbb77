using System.Runtime.ExceptionServices;

namespace Tributary.Streaming;

/// <summary>
/// Handles a batch's events side by side where their keys differ, and one after the other, in the batch's order, where
/// they are the same. For work that waits (a call per event), not for rows, which are written by the batch.
/// </summary>
public static class KeyLanes
{
    /// <summary>
    /// Returns when every event was handled. After a first failure no further event begins; it is thrown once all that
    /// had begun has ended, so that nothing runs on beside a repetition.
    /// </summary>
    /// <param name="lanes">How many keys at once.</param>
    public static async Task RunAsync<TEvent>(
        Batch<TEvent> batch,
        int lanes,
        Func<int, TEvent, CancellationToken, ValueTask> handle,
        CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lanes);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ExceptionDispatchInfo? first = null;
        var indexes = Enumerable.Range(0, batch.Events.Count)
            .ToLookup(index => LaneOf(batch.Records[index].Key, lanes));
        await Task.WhenAll(indexes.Select(lane => Task.Run(() => RunLaneAsync(lane), CancellationToken.None)));
        first?.Throw();

        async Task RunLaneAsync(IEnumerable<int> lane)
        {
            try
            {
                foreach (var index in lane)
                {
                    stop.Token.ThrowIfCancellationRequested();
                    await handle(index, batch.Events[index], stop.Token);
                }
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref first, ExceptionDispatchInfo.Capture(exception), null);
                await stop.CancelAsync();
            }
        }
    }

    private static int LaneOf(byte[]? key, int lanes)
    {
        var hash = new HashCode();
        hash.AddBytes(key);
        return (int)((uint)hash.ToHashCode() % (uint)lanes);
    }
}
