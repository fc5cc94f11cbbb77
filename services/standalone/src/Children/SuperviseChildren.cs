using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Tributary.Hosting;

namespace Tributary.Standalone.Children;

/// <summary>
/// Starts the children with the host, in their order, and stops them in the reverse order after everything that was
/// registered later: services still find their engines while they finish.
/// </summary>
internal sealed class SuperviseChildren(
    IOptions<ChildrenOptions> options, TimeProvider time, ILogger<Child> logger) : IHostedService, IDisposable
{
    private readonly StartingThread _starting = new();
    private readonly Probe _probe = new(time);
    private IReadOnlyList<Child>? _children;

    public IReadOnlyList<Child> Children =>
        _children ??= [.. options.Value.Processes.Select(child => new Child(child, _starting, _probe, time, logger))];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var child in Children) child.Start();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var child in Children.Reverse()) await child.StopAsync(cancellationToken);
    }

    public void Dispose()
    {
        foreach (var child in _children ?? []) child.Dispose();
        _probe.Dispose();
        _starting.Dispose();
    }
}

internal static class AddChildrenExtension
{
    extension(IHostApplicationBuilder builder)
    {
        /// <summary>Before the services, so that the children outlive them.</summary>
        public void AddChildren()
        {
            builder.AddValidatedOptions<ChildrenOptions>("Children");
            builder.Services.AddSingleton<SuperviseChildren>();
            builder.Services.AddHostedService(services => services.GetRequiredService<SuperviseChildren>());
            builder.Services.AddOptions<HealthCheckServiceOptions>().PostConfigure<SuperviseChildren>(ShowHealth);
        }
    }

    private static void ShowHealth(HealthCheckServiceOptions checks, SuperviseChildren supervisor)
    {
        // A service may have a check of the same name, for whether it reaches the engine.
        var taken = checks.Registrations.Select(check => check.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var child in supervisor.Children)
        {
            var name = taken.Contains(child.Name) ? $"{child.Name} process" : child.Name;
            checks.Registrations.Add(new(name, child, null, null));
        }
    }
}
