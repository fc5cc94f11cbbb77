using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Tributary.Hosting;

namespace Tributary.Console.Tests;

/// <summary>The console in a test's host, over real connections, with the dependencies of the test.</summary>
internal sealed class RunningConsole : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);
    private readonly WebApplication _app;

    private RunningConsole(WebApplication app)
    {
        _app = app;
        Client = new() { BaseAddress = ServiceAddresses.Of(app).Http };
    }

    public HttpClient Client { get; }

    public static async Task<RunningConsole> StartAsync(params Dependency[] dependencies)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Listen:Http"] = "127.0.0.1:0",
            ["Listen:Grpc"] = "127.0.0.1:0",
            ["Listen:Operations"] = "127.0.0.1:0",
            ["Console:HealthEvery"] = "00:00:00.1",
        });
        builder.AddServiceDefaults("test");
        builder.AddConsole();
        var health = builder.Services.AddHealthChecks();
        foreach (var dependency in dependencies) health.AddAsyncCheck(dependency.Name, dependency.CheckAsync);
        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapConsole();
        await app.StartAsync();
        return new(app);
    }

    public async Task<string> PageAsync() => await Client.GetStringAsync("/");

    /// <summary>The page, as soon as it says what the test waits for.</summary>
    public async Task<string> PageThatSaysAsync(string sentence)
    {
        using var bound = new CancellationTokenSource(Bound);
        while (true)
        {
            var page = await Client.GetStringAsync("/", bound.Token);
            if (page.Contains(sentence, StringComparison.Ordinal)) return page;
            await Task.Delay(20, bound.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

internal sealed record Dependency(string Name, Func<CancellationToken, Task<HealthCheckResult>> CheckAsync)
{
    public static Dependency Well(string name, string says) =>
        new(name, _ => Task.FromResult(HealthCheckResult.Healthy(says)));

    public static Dependency Unwell(string name, string says) =>
        new(name, _ => Task.FromResult(HealthCheckResult.Unhealthy(says)));

    public static Dependency Throws(string name, Exception thrown) =>
        new(name, _ => Task.FromException<HealthCheckResult>(thrown));

    public static Dependency Silent(string name) =>
        new(name, async cancellationToken =>
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return HealthCheckResult.Healthy();
        });
}
