using Microsoft.Extensions.Configuration.Memory;
using Tributary.Hosting.Options;

namespace Tributary.Hosting.Logs;

internal static class ServiceLogs
{
    /// <summary>What frameworks say below these levels repeats metrics and traces; configuration can undo it.</summary>
    private static readonly Dictionary<string, string?> Levels = new()
    {
        ["Logging:LogLevel:Default"] = "Information",
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
        ["Logging:LogLevel:System.Net.Http.HttpClient"] = "Warning",
        ["Logging:LogLevel:Grpc"] = "Warning",
        ["Logging:LogLevel:Polly"] = "Warning",
        // An error for each look at a process that is still starting; what ails is in the answer, and in its own lines.
        ["Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks"] = "Critical",
    };

    public static void Add(IHostApplicationBuilder builder, string service)
    {
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = Levels });
        builder.AddValidatedOptions<LogsOptions>("Logs");
        builder.Logging.ClearProviders();
        if (IsText(builder.Configuration["Logs:Format"]))
        {
            builder.Logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "HH:mm:ss.fff ";
            });
            return;
        }
        builder.Services.AddSingleton<ILoggerProvider>(services =>
        {
            var options = SectionBinding.BindOrDefault<LogsOptions>(builder.Configuration.GetSection("Logs"));
            return new JsonLinesProvider(
                new JsonLine(service, options.FieldLengthMax, services.GetRequiredService<TimeProvider>()),
                new LineWriter(Console.OpenStandardOutput(), options.WaitingBytesMax));
        });
    }

    private static bool IsText(string? format) => Enum.TryParse<LogFormat>(format, ignoreCase: true, out var chosen)
        && chosen is not LogFormat.Auto ? chosen is LogFormat.Text : !Console.IsOutputRedirected;
}
