using Microsoft.Extensions.Configuration;

namespace Tributary.Hosting.Tests;

/// <summary>A service on real ports, in this process, with the defaults that every service has.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningService(WebApplication app)
    {
        _app = app;
        Addresses = ServiceAddresses.Of(app);
        Http = new HttpClient { BaseAddress = Addresses.Http };
        Operations = new HttpClient { BaseAddress = Addresses.Operations };
    }

    public ServiceAddresses Addresses { get; }
    public HttpClient Http { get; }
    public HttpClient Operations { get; }
    public IServiceProvider Services => _app.Services;

    public static async Task<RunningService> StartAsync(
        Action<WebApplication>? map = null,
        Action<WebApplicationBuilder>? add = null,
        params (string Key, string Value)[] settings)
    {
        var app = Build(map, add, settings);
        await app.StartAsync();
        return new RunningService(app);
    }

    public static WebApplication Build(
        Action<WebApplication>? map = null,
        Action<WebApplicationBuilder>? add = null,
        params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Listen:Http"] = "127.0.0.1:0",
            ["Listen:Grpc"] = "127.0.0.1:0",
            ["Listen:Operations"] = "127.0.0.1:0",
            ["Stop:UnreadyFor"] = "00:00:00",
            ["Health:AnswerAgeMax"] = "00:00:00",
            ["Logging:LogLevel:Default"] = "None",
        });
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.AddServiceDefaults("tested");
        add?.Invoke(builder);
        var app = builder.Build();
        app.MapServiceDefaults();
        map?.Invoke(app);
        return app;
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Operations.Dispose();
        await _app.DisposeAsync();
    }
}
