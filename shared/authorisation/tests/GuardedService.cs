using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tributary.Hosting;

namespace Tributary.Authorisation.Tests;

/// <summary>
/// A service on real ports with an endpoint that needs <c>events:read</c> and one that needs a service.
/// </summary>
internal sealed class GuardedService : IAsyncDisposable
{
    public const string ServiceKey = "a key of twenty-four characters or more";

    private GuardedService(WebApplication app)
    {
        App = app;
        Http = new HttpClient { BaseAddress = ServiceAddresses.Of(app).Http };
        Operations = new HttpClient { BaseAddress = ServiceAddresses.Of(app).Operations };
        Grpc = ServiceAddresses.Of(app).Grpc;
    }

    public WebApplication App { get; }
    public HttpClient Http { get; }
    public HttpClient Operations { get; }
    public Uri Grpc { get; }

    public AccountDirectory Directory => App.Services.GetRequiredService<AccountDirectory>();

    public static async Task<GuardedService> StartAsync(
        AccountDirectory? told, params IEnumerable<(string Key, string? Value)> settings)
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
            ["Services:Key"] = ServiceKey,
        });
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value)));
        builder.AddServiceDefaults("guarded");
        if (told is not null) builder.Services.AddSingleton(told);
        builder.AddAccountDirectory();
        builder.AddAccountDirectory();
        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapGet("/events", (HttpContext context) => context.Caller().Organisation).RequirePermission("events:read");
        app.MapGet("/open", () => "open").AllowAnonymous();
        app.MapGrpcService<AnsweringAccounts>().RequireService();
        await app.StartAsync();
        return new(app);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Operations.Dispose();
        await App.DisposeAsync();
    }
}
