using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Tributary.FirstLight;
using Tributary.Testing;
using Tributary.Testing.Crashes;
using Tributary.Testing.Parts;

namespace Tributary.Ingestion.Bench;

/// <summary>What the same load is given to in the same run, to tell what of a figure is the machine's.</summary>
internal static class Peers
{
    /// <summary>The first argument of this program where it is the empty endpoint.</summary>
    public const string KestrelCommand = "kestrel";

    public static async Task<Subject> NginxAsync(CrashRig rig)
    {
        var port = FreePort.Next();
        var settings = rig.Folder.At("nginx.conf");
        await File.WriteAllTextAsync(settings, $$"""
            daemon off;
            worker_processes 2;
            pid {{rig.Folder.At("nginx.pid")}};
            error_log stderr crit;
            events { worker_connections 4096; }
            http {
              access_log off;
              keepalive_requests 1000000000;
              client_max_body_size 64m;
              server { listen 127.0.0.1:{{port}} backlog=4096; location / { return 200 "ok"; } }
            }
            """);
        var part = await rig.StartAsync(
            new PartCommand
            {
                Name = "nginx",
                CommandLine = [ToolPath.Require("nginx"), "-c", settings],
                LogFile = rig.Folder.At("nginx.log"),
                IsReady = Probe.Port(port),
            }, CancellationToken.None);
        return new("nginx", new($"http://127.0.0.1:{port}/"), [part]);
    }

    public static async Task<Subject> KestrelAsync(CrashRig rig)
    {
        var port = FreePort.Next();
        var command = Engines.Program(
            "kestrel", rig.Folder, "Tributary.Ingestion.Bench", [KestrelCommand, $"{port}"], Probe.Port(port));
        var part = await rig.StartAsync(command, CancellationToken.None);
        return new("Kestrel", new($"http://127.0.0.1:{port}/"), [part]);
    }

    /// <summary>Reads each body to its end, and answers.</summary>
    public static Task ServeKestrelAsync(string port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        app.Run(async context =>
        {
            var body = context.Request.BodyReader;
            while (true)
            {
                var read = await body.ReadAsync();
                body.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted) break;
            }
            context.Response.ContentType = "text/plain; charset=utf-8";
            context.Response.ContentLength = 2;
            await context.Response.Body.WriteAsync("ok"u8.ToArray());
        });
        return app.RunAsync();
    }
}
