using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Tributary.Authorisation;
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
        Client = new(new HttpClientHandler { AllowAutoRedirect = false })
        {
            BaseAddress = ServiceAddresses.Of(app).Http,
        };
    }

    public HttpClient Client { get; }

    public Uri Status => new(Client.BaseAddress!, "/status");

    public Uri Live => new(Client.BaseAddress!, "/live");

    public AccountDirectory Accounts => _app.Services.GetRequiredService<AccountDirectory>();

    public ScriptedIngestion Ingestion => _app.Services.GetRequiredService<ScriptedIngestion>();

    public static Task<RunningConsole> StartAsync(params Dependency[] dependencies) =>
        StartAsync(encryptionKey: "", dependencies);

    public static async Task<RunningConsole> StartAsync(string encryptionKey, params Dependency[] dependencies)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Listen:Http"] = "127.0.0.1:0",
            ["Listen:Grpc"] = "127.0.0.1:0",
            ["Listen:Operations"] = "127.0.0.1:0",
            ["Console:HealthEvery"] = "00:00:00.1",
            ["Console:CountsEvery"] = "00:00:00.5",
            ["Stop:UnreadyFor"] = "00:00:00",
            ["Encryption:Key"] = encryptionKey,
        });
        builder.AddServiceDefaults("test");
        builder.Services.AddSingleton(Shop.Directory());
        builder.Services.AddSingleton<ScriptedIngestion>();
        builder.AddConsole();
        var health = builder.Services.AddHealthChecks();
        foreach (var dependency in dependencies) health.AddAsyncCheck(dependency.Name, dependency.CheckAsync);
        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapConsole();
        app.Services.GetRequiredService<ScriptedIngestion>().Map(app);
        await app.StartAsync();
        return new(app);
    }

    public async Task<string> PageAsync() => await Client.GetStringAsync("/status");

    /// <summary>The page, as soon as it says what the test waits for.</summary>
    public async Task<string> PageThatSaysAsync(string sentence)
    {
        using var bound = new CancellationTokenSource(Bound);
        while (true)
        {
            var page = await Client.GetStringAsync("/status", bound.Token);
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
