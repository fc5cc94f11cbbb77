using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Tributary.Hosting.Tests;

public class Sending_telemetry
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    [TestCase("http/protobuf", "/v1/")]
    [TestCase("grpc", "/opentelemetry.proto.collector.")]
    public async Task Traces_metrics_and_logs_arrive_with_the_name_of_the_service(string protocol, string paths)
    {
        await using var collector = await Collector.StartAsync(protocol == "grpc");
        await using var service = await RunningService.StartAsync(
            app => app.MapGet("/hello", (ILoggerFactory loggers) =>
            {
                Said(loggers.CreateLogger("Greetings"), "a told word", null);
                return "hello";
            }),
            settings:
            [
                ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address.ToString()),
                ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
                ("Logging:LogLevel:Greetings", "Information"),
            ]);
        service.Services.GetRequiredService<IMeterFactory>().Create("shop").CreateCounter<long>("shop.sold").Add(1);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/hello");
        request.Headers.Add("traceparent", $"00-{Trace}-b7ad6b7169203331-01");
        await service.Http.SendAsync(request);

        await service.StopAsync(); // Sends what is held.
        await service.DisposeAsync();

        Assert.That(collector.Received.Keys, Has.All.StartsWith(paths));
        var traces = collector.Of("trace");
        Assert.That(Contains(traces, "GET /hello"), "the span of the request");
        Assert.That(traces.AsSpan().IndexOf(Convert.FromHexString(Trace)), Is.Positive, "in its caller's trace");
        Assert.That(Contains(traces, "http.route"), "with its route");
        Assert.That(Contains(collector.Of("metrics"), "shop.sold"), "the service's own metric");
        Assert.That(Contains(collector.Of("metrics"), "http.server.request.duration"), "the server's metrics");
        Assert.That(Contains(collector.Of("logs"), "a told word"), "the log record");
        Assert.That(collector.Of("logs").AsSpan().IndexOf(Convert.FromHexString(Trace)), Is.Positive, "in the trace");
        foreach (var signal in new[] { "trace", "metrics", "logs" })
            Assert.That(Contains(collector.Of(signal), "tested"), $"{signal} name the service");
    }

    [Test]
    public async Task A_collector_that_is_away_does_not_hold_up_requests_or_the_stop()
    {
        await using var service = await RunningService.StartAsync(
            app => app.MapGet("/hello", () => "hello"),
            settings: [("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")]);

        Assert.That(await service.Http.GetStringAsync("/hello"), Is.EqualTo("hello"));
        await service.StopAsync().WaitAsync(TimeSpan.FromSeconds(10));
    }

    private static bool Contains(byte[] body, string text) => body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    private static readonly Action<ILogger, string, Exception?> Said =
        LoggerMessage.Define<string>(LogLevel.Information, default, "Said {Word}");

    /// <summary>Takes OTLP over either of its wires, and keeps the bytes by path.</summary>
    private sealed class Collector : IAsyncDisposable
    {
        private readonly WebApplication _app;

        private Collector(WebApplication app) => _app = app;

        public ConcurrentDictionary<string, byte[]> Received { get; } = new();
        public Uri Address => new(_app.Urls.Single());

        public byte[] Of(string signal) =>
            Received.Single(pair => pair.Key.Contains(signal, StringComparison.Ordinal)).Value;

        public static async Task<Collector> StartAsync(bool isGrpc)
        {
            var builder = WebApplication.CreateBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, door =>
                door.Protocols = isGrpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
            var app = builder.Build();
            var collector = new Collector(app);
            app.MapPost("/{**path}", collector.TakeAsync);
            await app.StartAsync();
            return collector;
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();

        private async Task TakeAsync(HttpContext context)
        {
            using var body = new MemoryStream();
            var sent = context.Request.Headers.ContentEncoding == "gzip"
                ? new System.IO.Compression.GZipStream(
                    context.Request.Body, System.IO.Compression.CompressionMode.Decompress)
                : context.Request.Body;
            await sent.CopyToAsync(body);
            Received.AddOrUpdate(
                context.Request.Path.Value!, _ => body.ToArray(), (_, before) => [.. before, .. body.ToArray()]);
            if (context.Request.ContentType != "application/grpc") return;

            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(new byte[5]);
            context.Response.AppendTrailer("grpc-status", "0");
        }
    }
}
