using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Tributary.Hosting.Options;

namespace Tributary.Hosting.Telemetry;

/// <summary>
/// Sends traces and metrics over OTLP from start to stop, and what is still held at the stop before it ends. Started
/// first and stopped last, so that it sees what all others do.
/// </summary>
internal sealed class SendTelemetry(IOptions<OtlpOptions> options, ServiceName service) : IHostedService, IDisposable
{
    private const int FlushMilliseconds = 2_000;

    /// <summary>What .NET, its clients and our own parts report as spans. The instrumentation is in them.</summary>
    private static readonly string[] Sources =
    [
        "Microsoft.AspNetCore", "System.Net.Http", "Grpc.AspNetCore.Server", "Grpc.Net.Client", "Npgsql", "Tributary.*",
    ];

    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var otlp = options.Value;
        if (!otlp.IsOn) return Task.CompletedTask;

        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(Resource(service))
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(otlp.TraceShare)))
            .AddSource(Sources)
            .AddOtlpExporter(exporter => Point(exporter, otlp, "traces"))
            .Build();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(Resource(service))
            .AddMeter("*")
            .AddOtlpExporter((exporter, reader) =>
            {
                Point(exporter, otlp, "metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds =
                    (int)otlp.MetricsInterval.TotalMilliseconds;
            })
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _traces?.ForceFlush(FlushMilliseconds);
        _metrics?.ForceFlush(FlushMilliseconds);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    /// <summary>Logs go out beside those on standard output, from the same records.</summary>
    public static void AddLogs(IHostApplicationBuilder builder, string service)
    {
        var otlp = SectionBinding.BindOrDefault<OtlpOptions>(builder.Configuration.GetSection("Otlp"));
        if (!Uri.IsWellFormedUriString(otlp.Endpoint, UriKind.Absolute)) return;

        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.SetResourceBuilder(Resource(new(service)));
            logs.IncludeFormattedMessage = true;
            logs.AddOtlpExporter(exporter => Point(exporter, otlp, "logs"));
        });
    }

    private static ResourceBuilder Resource(ServiceName service) => ResourceBuilder
        .CreateDefault()
        .AddService(service.Value, serviceNamespace: "tributary");

    private static void Point(OtlpExporterOptions exporter, OtlpOptions otlp, string signal)
    {
        exporter.Endpoint = otlp.For(signal);
        exporter.Protocol = otlp.Wire is OtlpProtocol.Grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        exporter.TimeoutMilliseconds = FlushMilliseconds;
        if (otlp.Headers.Length > 0) exporter.Headers = otlp.Headers;
    }
}
