namespace Tributary.Hosting;

/// <summary>Runs a service to its end, and turns what stopped it into sentences and an exit code.</summary>
public static class RunService
{
    extension(WebApplication app)
    {
        /// <summary>
        /// Runs until told to stop. Wrong options stop the process before anything listens: a sentence per fault on
        /// standard error, exit code 1. Any other failure is logged with its stack, and the exit code is 1 too.
        /// </summary>
        public async Task<int> RunServiceAsync()
        {
            try
            {
                // Before the host's own check, which would log the same with a stack trace.
                app.Services.GetService<IStartupValidator>()?.Validate();
                await app.RunAsync();
                return 0;
            }
            catch (Exception stopped)
            {
                await app.DisposeAsync(); // Writes what the logs still hold.
                return StartFault.Report(stopped, Console.Error);
            }
        }
    }
}
