using Tributary.Streaming.Writing;

namespace Tributary.Ingestion.Keeping;

/// <summary>Asks where the log is before the first event comes, which would wait for it. Late is no failure.</summary>
internal sealed partial class WarmUp(ByteProducer log, ILogger<WarmUp> logger) : IHostedService
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(2);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!await Task.Run(() => log.WarmUp(WaitMax), cancellationToken)) NotThere();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Warning, "Kafka did not say where the log is; events are taken as far as they can be kept")]
    private partial void NotThere();
}
