using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Tributary.EmbeddedClickHouse.Engine;
using Tributary.EmbeddedClickHouse.Http;
using Tributary.EmbeddedClickHouse.Logging;
using Tributary.EmbeddedClickHouse.Queries;

namespace Tributary.EmbeddedClickHouse;

/// <summary>How the parts make a ClickHouse server.</summary>
internal static class Server
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(30);

    extension(WebApplicationBuilder builder)
    {
        public void AddEmbeddedClickHouse()
        {
            builder.Services.AddOptions<EmbeddedClickHouseOptions>().BindConfiguration("ClickHouse")
                .ValidateDataAnnotations().ValidateOnStart();
            builder.Services.TryAddSingleton(TimeProvider.System);
            builder.Services.AddSingleton<EngineHost>();
            builder.Services.AddSingleton<RunningQueries>();
            builder.Services.AddSingleton<QueryRunner>();
            builder.Services.AddSingleton<QueryRecorder>();
            builder.Services.AddSingleton<QueryLife>();
            builder.Services.AddSingleton<Users>();
            builder.Services.AddSingleton<QueryEndpoint>();
            builder.Services.AddSingleton<QueryLog>();
            builder.Services.AddSingleton<Sessions>();
            builder.Services.AddHostedService(services => services.GetRequiredService<QueryLog>());
            builder.Services.AddHostedService(services => services.GetRequiredService<Sessions>());
            builder.Services.AddHostedService<QueriesEndWithTheProcess>();
            builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(Listen);
        }
    }

    extension(WebApplication app)
    {
        public void MapEmbeddedClickHouse()
        {
            var engine = app.Services.GetRequiredService<EngineHost>();
            var endpoint = app.Services.GetRequiredService<QueryEndpoint>();
            app.Use((context, next) =>
            {
                context.Response.Headers["X-ClickHouse-Server-Display-Name"] = "tributary";
                context.Response.Headers["Keep-Alive"] = $"timeout={KeepAlive.TotalSeconds}";
                return next(context);
            });
            app.MapMethods("/", ["GET", "HEAD", "POST"], endpoint.HandleAsync);
            app.MapMethods("/", ["OPTIONS"], AllowBrowsers);
            app.MapMethods("/ping", ["GET", "HEAD"], () => "Ok.\n");
            app.MapMethods("/replicas_status", ["GET", "HEAD"], () => "Ok.\n");
            app.MapFallback("{**path}", (HttpContext context) =>
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return context.Response.WriteAsync($"""
                    There is no handle {context.Request.Path}
                    Use / or /ping for health checks.
                    Or /replicas_status for more sophisticated health checks.
                    Send queries from your program with POST method or GET /?query=...

                    ClickHouse {engine.Version}, embedded.

                    """, context.RequestAborted);
            });
        }
    }

    /// <summary>As ClickHouse is configured: a page may ask, once its user has given it a password.</summary>
    private static void AllowBrowsers(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlAllowHeaders =
            "origin, x-requested-with, x-clickhouse-format, x-clickhouse-user, x-clickhouse-key, Authorization";
        headers.AccessControlAllowMethods = "POST, GET, OPTIONS";
        headers.AccessControlMaxAge = "86400";
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static void Listen(WebHostBuilderContext context, KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        kestrel.Limits.MaxRequestBodySize = null;      // An insert is streamed; its size is bounded by the disk alone.
        kestrel.Limits.MinRequestBodyDataRate = null;  // A slow sender holds one query of those allowed, and no memory.
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.MaxRequestLineSize = 1024 * 1024;
        kestrel.Limits.MaxRequestBufferSize = 2 * 1024 * 1024;
        kestrel.Limits.MaxRequestHeadersTotalSize = 128 * 1024;
        kestrel.Limits.KeepAliveTimeout = KeepAlive + TimeSpan.FromSeconds(5); // Never before the client lets go of it.
        var address = context.Configuration["ClickHouse:Listen"] ?? new EmbeddedClickHouseOptions().Listen;
        kestrel.Listen(IPEndPoint.Parse(address), listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(OutputGate.Into);
        });
    }
}
