using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Tributary.Console.Pages;

/// <summary>Values in the words that people read.</summary>
internal static class Say
{
    private const int Mebi = 1024 * 1024;

    public static string Moment(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    public static string Age(TimeSpan age) => age switch
    {
        { TotalSeconds: < 1 } => "under 1 s",
        { TotalMinutes: < 1 } => $"{(int)age.TotalSeconds} s",
        { TotalHours: < 1 } => $"{(int)age.TotalMinutes} min",
        { TotalDays: < 1 } => $"{(int)age.TotalHours} h {age.Minutes} min",
        _ => $"{(int)age.TotalDays} d {age.Hours} h",
    };

    public static string Milliseconds(TimeSpan took) =>
        took.TotalMilliseconds < 1 ? "under 1 ms" : $"{Math.Round(took.TotalMilliseconds):N0} ms";

    public static string Bytes(int bytes) => $"{bytes / Mebi} MiB";

    public static string Kept(Retention kept) => kept switch
    {
        Retention.DeletedAfter(var age) => $"{age.TotalDays:N0} days",
        Retention.LatestPerKey => "latest of each key",
        _ => throw new UnreachableException(),
    };

    public static string State(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "well",
        HealthStatus.Degraded => "strained",
        HealthStatus.Unhealthy => "not well",
        _ => throw new UnreachableException(),
    };

    public static string Tone(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "good",
        HealthStatus.Degraded => "warn",
        HealthStatus.Unhealthy => "bad",
        _ => throw new UnreachableException(),
    };

    /// <summary>A number of things: "1 dependency", "3 dependencies".</summary>
    public static string Dependencies(int count) => count == 1 ? "1 dependency" : $"{count} dependencies";
}
