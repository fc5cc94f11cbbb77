namespace Tributary.EmbeddedClickHouse.Queries;

/// <summary>
/// Ends what still runs when the process is told to stop, so that stopping takes no longer than a moment.
/// </summary>
internal sealed class QueriesEndWithTheProcess(RunningQueries running, IHostApplicationLifetime lifetime)
    : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStopping.Register(running.KillAll);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
