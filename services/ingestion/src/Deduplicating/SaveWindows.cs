namespace Tributary.Ingestion.Deduplicating;

/// <summary>
/// Writes the windows when the process stops, after the reader has: the next start reads little of the log.
/// </summary>
internal sealed class SaveWindows(EventsTail tail, WindowFolder folder) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            foreach (var state in tail.States.Where(state => state.Next >= 0))
            {
                if (cancellationToken.IsCancellationRequested) return;
                folder.Write(state);
            }
        },
        CancellationToken.None);
}
