using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Tributary.Postgres.Outbox;

namespace Tributary.Postgres.Tests;

/// <summary>
/// A service with nothing but a relay, as a process of its own. It stops at the step named by <c>--stop</c>
/// ("read 1": before its first batch is sent; "sent 1": before that is marked), says so, and goes on when a line is
/// written to it.
/// </summary>
internal static class RelayProcess
{
    private const string Service = "bandit";

    public static async Task<int> Main(string[] args)
    {
        var builder = Host.CreateApplicationBuilder(args);
        builder.AddPostgres(Service, typeof(RelayProcess).Assembly);
        builder.AddOutboxRelay(Service);
        var stop = new Stop(builder.Configuration["stop"]);
        var registered = builder.Services.Last(service => service.ServiceType == typeof(OpenOutboxSender));
        builder.Services.AddKeyedSingleton<OpenOutboxSender>(Service, (provider, key) =>
        {
            var open = (OpenOutboxSender)registered.KeyedImplementationFactory!(provider, key);
            return () => new StoppingSender(open(), stop);
        });
        return await builder.Build().RunOrMigrateAsync(args);
    }

    /// <summary>Once in the process's life.</summary>
    private sealed class Stop(string? at)
    {
        private string? _at = at;

        public async Task StepAsync(string step)
        {
            if (step != _at) return;

            _at = null;
            Console.WriteLine($"step {step}");
            await Task.Run(Console.In.ReadLine);
        }
    }

    private sealed class StoppingSender(IOutboxSender sender, Stop stop) : IOutboxSender
    {
        private int _batch;

        public async Task SendAsync(IReadOnlyList<OutboxEntry> entries, CancellationToken cancellationToken)
        {
            _batch++;
            await stop.StepAsync($"read {_batch}");
            await sender.SendAsync(entries, cancellationToken);
            await stop.StepAsync($"sent {_batch}");
        }

        public ValueTask DisposeAsync() => sender.DisposeAsync();
    }
}
