using System.Net;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Tributary.StandIns.Tests;

/// <summary>The real server over the stand-ins, on a free port, plaintext HTTP/2.</summary>
internal sealed class GreeterServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private GreeterServer(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());
    public Observed Observed => _app.Services.GetRequiredService<Observed>();

    public static async Task<GreeterServer> StartAsync(Action<GrpcServiceOptions>? configure = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, door => door.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton<Observed>();
        builder.Services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = 1 << 20;
            configure?.Invoke(options);
        });
        var app = builder.Build();
        app.MapGrpcService<GreeterService>();
        await app.StartAsync();
        return new(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
