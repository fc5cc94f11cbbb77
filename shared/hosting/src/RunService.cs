namespace Tributary.Hosting;

/// <summary>Runs a service to its end, and turns what stopped it into sentences and an exit code.</summary>
public static class RunService
{
    extension(WebApplication app)
    {
        /// <summary>
        /// Runs until told to stop. Wrong options stop the process before anything listens: a sentence per fault on
        /// standard error, exit code 1. Any other failure, that of a background service included, is logged with its
        /// stack, and the exit code is 1 too.
        /// </summary>
        public async Task<int> RunServiceAsync()
        {
            try
            {
                // Before the host's own check, which would log the same with a stack trace.
                app.Services.GetService<IStartupValidator>()?.Validate();
                var background = app.Services.GetServices<IHostedService>().OfType<BackgroundService>().ToArray();
                await app.RunAsync();
                // The host stops for a background service that failed, and has logged it, but calls that success.
                return background.Any(service => service.ExecuteTask is { IsFaulted: true }) ? 1 : 0;
            }
            catch (Exception stopped)
            {
                await app.DisposeAsync(); // Writes what the logs still hold.
                return StartFault.Report(stopped, Console.Error);
            }
        }
    }
}
