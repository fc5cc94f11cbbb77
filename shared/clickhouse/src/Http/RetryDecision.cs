using Polly;

namespace Tributary.ClickHouse.Http;

/// <summary>What may be sent again. Pure.</summary>
internal static class RetryDecision
{
    public static readonly ResiliencePropertyKey<bool> SafeToRepeat = new("clickhouse-safe-to-repeat");

    public static bool ShouldRepeat(Exception? exception, ResilienceContext context) =>
        ShouldRepeat(exception, context.Properties.GetValue(SafeToRepeat, false));

    /// <summary>
    /// What never reached the server, or was refused before it began, in any case; what may have happened only where
    /// repeating it changes nothing.
    /// </summary>
    public static bool ShouldRepeat(Exception? exception, bool safeToRepeat) => exception switch
    {
        ClickHouseException
        {
            InnerException: HttpRequestException
            {
                HttpRequestError: HttpRequestError.ConnectionError
            or HttpRequestError.NameResolutionError
            }
        } => true,
        ClickHouseException { Code: 202 or 252 } => true,
        ClickHouseException { Name: "TIMEOUT" } => false, // It has had its time.
        ClickHouseException { IsTransient: true } => safeToRepeat,
        _ => false,
    };
}
