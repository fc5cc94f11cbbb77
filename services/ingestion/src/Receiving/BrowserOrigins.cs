using Microsoft.Extensions.Primitives;
using Tributary.Authorisation;

namespace Tributary.Ingestion.Receiving;

/// <summary>
/// What browsers are told about other origins. Every origin may ask, with credentials; a source may name those whose
/// events it takes, which is only known once its key was read.
/// </summary>
internal static class BrowserOrigins
{
    private static readonly StringValues True = "true";
    private static readonly StringValues Vary = "Origin";
    private static readonly StringValues Methods = "GET, HEAD, POST, OPTIONS";
    private static readonly StringValues AnyHeaders = "Authorization, Content-Type, AnonymousId, SentAt";
    private static readonly StringValues Exposed = "Retry-After";
    private static readonly StringValues MaxAge = "900";

    public static void Reflect(HttpContext http)
    {
        var origin = http.Request.Headers.Origin;
        if (origin.Count == 0) return;
        var headers = http.Response.Headers;
        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlAllowCredentials = True;
        headers.AccessControlExposeHeaders = Exposed;
        headers.Vary = Vary;
    }

    /// <summary>The question that a browser asks before it sends.</summary>
    public static Task AnswerPreflight(HttpContext http)
    {
        Reflect(http);
        var asked = http.Request.Headers.AccessControlRequestHeaders;
        var headers = http.Response.Headers;
        headers.AccessControlAllowMethods = Methods;
        headers.AccessControlAllowHeaders = asked.Count > 0 ? asked : AnyHeaders;
        headers.AccessControlMaxAge = MaxAge;
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>What is sent without an origin is sent by no browser.</summary>
    public static bool Allows(SourceAccess source, HttpContext http) =>
        source.AllowedOrigins.Count == 0
        || http.Request.Headers.Origin is not [{ } origin]
        || source.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase);
}
