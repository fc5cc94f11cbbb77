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
        var stop = builder.Configuration["stop"];
        var registered = builder.Services.Last(service => service.ServiceType == typeof(OpenOutboxSender));
        builder.Services.AddKeyedSingleton<OpenOutboxSender>(Service, (provider, key) =>
        {
            var open = (OpenOutboxSender)registered.KeyedImplementationFactory!(provider, key);
            return () => new StoppingSender(open(), stop);
        });
        return await builder.Build().RunOrMigrateAsync(args);
    }

    private sealed class StoppingSender(IOutboxSender sender, string? stop) : IOutboxSender
    {
        private int _batch;

        public async Task SendAsync(IReadOnlyList<OutboxEntry> entries, CancellationToken cancellationToken)
        {
            _batch++;
            await StepAsync($"read {_batch}");
            await sender.SendAsync(entries, cancellationToken);
            await StepAsync($"sent {_batch}");
        }

        public ValueTask DisposeAsync() => sender.DisposeAsync();

        private async Task StepAsync(string step)
        {
            if (step != stop) return;

            stop = null;
            Console.WriteLine($"step {step}");
            await Console.In.ReadLineAsync();
        }
    }
}
