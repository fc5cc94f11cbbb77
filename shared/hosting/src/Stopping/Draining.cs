namespace Tributary.Hosting.Stopping;

/// <summary>
/// The first step of a stop: readiness turns 503 while requests are still served. Then the host closes the listeners,
/// waits for the requests under way, and stops the background services in the reverse order of their start.
/// </summary>
internal sealed partial class Draining(IOptions<StopOptions> options, TimeProvider time, ILogger<Draining> logger)
    : IHostedLifecycleService
{
    private volatile bool _hasBegun;

    public bool HasBegun => _hasBegun;

    /// <summary>While stopping, each answer ends its connection: none is idle when the listeners close.</summary>
    public static void UseLastAnswers(WebApplication app)
    {
        var draining = app.Services.GetRequiredService<Draining>();
        app.Use((context, next) =>
        {
            if (draining.HasBegun && HttpProtocol.IsHttp11(context.Request.Protocol))
                context.Response.Headers.Connection = "close";
            return next(context);
        });
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _hasBegun = true;
        DrainBegan(options.Value.UnreadyFor);
        await Task.Delay(options.Value.UnreadyFor, time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // The host's time is up: go on with the stop.
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Information, "Stopping: not ready from now on, taking requests for another {UnreadyFor}")]
    private partial void DrainBegan(TimeSpan unreadyFor);
}
