using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Tributary.Hosting.Listening;

namespace Tributary.Hosting.Health;

/// <summary>
/// /health/live: the process answers. /health/ready: it can work, with a line per dependency. /health: the short word
/// for load balancers and people, which is also on the public port.
/// </summary>
internal static class HealthPages
{
    private const int SentenceLengthMax = 300;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Map(IEndpointRouteBuilder routes)
    {
        var operations = new ReachableBy(Listener.Operations);
        var everywhere = new ReachableBy(Listener.Operations, Listener.Http);
        routes.MapGet("/health/live", LiveAsync).WithMetadata(operations).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet("/health/ready", ReadyAsync).WithMetadata(operations).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet("/health", ShortAsync).WithMetadata(everywhere).AllowAnonymous().ExcludeFromDescription();
    }

    private static Task LiveAsync(HttpContext context, TimeProvider time) =>
        WriteAsync(context, isWell: true, Line(new Word("healthy", time.GetUtcNow())));

    private static async Task ShortAsync(HttpContext context, HealthReporter reporter)
    {
        var answer = await reporter.ReportAsync(context.RequestAborted);
        var word = new Word(answer.IsReady ? "healthy" : "unhealthy", answer.At);
        await WriteAsync(context, answer.IsReady, Line(word));
    }

    private static async Task ReadyAsync(HttpContext context, HealthReporter reporter)
    {
        var answer = await reporter.ReportAsync(context.RequestAborted);
        var lines = answer.Report.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(Dependency);
        if (answer.IsDraining)
            lines = lines.Prepend(new("process", "unhealthy", 0, "Told to stop; finishing what is under way."));
        var status = answer.IsDraining ? "unhealthy" : Name(answer.Report.Status);

        var body = new StringBuilder()
            .Append(Line(new Word(status, answer.At))[..^1])
            .Append(",\"dependencies\":[")
            .AppendJoin(',', lines.Select(line => $"\n{Line(line)}"))
            .Append("\n]}\n");
        await WriteAsync(context, answer.IsReady, body.ToString());
    }

    private static DependencyLine Dependency(KeyValuePair<string, HealthReportEntry> entry) => new(
        entry.Key,
        Name(entry.Value.Status),
        Math.Round(entry.Value.Duration.TotalMilliseconds, 1),
        Sentence(entry.Value));

    private static string Sentence(HealthReportEntry entry) => entry switch
    {
        // What an exception says may hold an address with its password; the log has it in full.
        { Exception: { } thrown } when entry.Description is null || entry.Description.Contains(thrown.Message) =>
            thrown is OperationCanceledException ? "Did not answer in time." : $"Failed with {thrown.GetType().Name}.",
        { Description: { Length: > SentenceLengthMax } said } => said[..SentenceLengthMax],
        { Description: { } said } => said,
        _ => entry.Status is HealthStatus.Healthy ? "Well." : "Not well.",
    };

    private static string Name(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Degraded => "degraded",
        _ => "unhealthy",
    };

    private static string Line<T>(T line) => JsonSerializer.Serialize(line, Json);

    private static Task WriteAsync(HttpContext context, bool isWell, string body)
    {
        context.Response.StatusCode = isWell ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(body, context.RequestAborted);
    }

    private sealed record Word(string Status, DateTimeOffset Timestamp);

    private sealed record DependencyLine(
        string Name, string Status, [property: JsonPropertyName("duration_ms")] double Duration, string Sentence);
}
