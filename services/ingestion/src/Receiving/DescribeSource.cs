using System.Text;
using System.Text.Json.Nodes;
using Tributary.Authorisation;

namespace Tributary.Ingestion.Receiving;

/// <summary>
/// What browsers' libraries ask before they send: RudderStack's <c>/sourceConfig/</c> and Segment's settings. The least
/// that they accept: no destinations, and no reports to their makers.
/// </summary>
internal static class DescribeSource
{
    public static Task AnswerRudder(HttpContext http, AccountDirectory accounts)
    {
        if (HttpMethods.IsOptions(http.Request.Method)) return BrowserOrigins.AnswerPreflight(http);
        BrowserOrigins.Reflect(http);
        if (HttpMethods.IsHead(http.Request.Method)) return Task.CompletedTask; // Is someone blocked from asking?
        if (!WriteKey.TryHead(accounts, http.Request, out var source)) return Refuse(http, Answer.NoWriteKey);
        return source is null ? Refuse(http, Answer.UnknownWriteKey) : WriteAsync(http, OfRudder(source));
    }

    public static Task AnswerSegment(HttpContext http, AccountDirectory accounts, string writeKey)
    {
        if (HttpMethods.IsOptions(http.Request.Method)) return BrowserOrigins.AnswerPreflight(http);
        BrowserOrigins.Reflect(http);
        var source = accounts.FindSource(Encoding.UTF8.GetBytes(writeKey));
        return source is not { Enabled: true, Suspended: false }
            ? Refuse(http, Answer.UnknownSource)
            : WriteAsync(http, OfSegment(http.Request, writeKey));
    }

    private static JsonObject OfRudder(SourceAccess source) => new()
    {
        ["source"] = new JsonObject
        {
            ["id"] = source.Source.ToString(),
            ["name"] = source.Name,
            ["workspaceId"] = source.Organisation.ToString(),
            ["enabled"] = source.Enabled && !source.Suspended,
            ["config"] = new JsonObject
            {
                ["statsCollection"] = new JsonObject
                {
                    ["errors"] = new JsonObject { ["enabled"] = false },
                    ["metrics"] = new JsonObject { ["enabled"] = false },
                },
            },
            ["destinations"] = new JsonArray(),
            ["dataplanes"] = new JsonObject(),
        },
    };

    /// <summary>Tells where to send too, so that a page needs to name this server only once.</summary>
    private static JsonObject OfSegment(HttpRequest request, string writeKey) => new()
    {
        ["integrations"] = new JsonObject
        {
            ["Segment.io"] = new JsonObject
            {
                ["apiKey"] = writeKey,
                ["apiHost"] = $"{request.Host}/v1",
                ["protocol"] = request.Scheme,
                ["unbundledIntegrations"] = new JsonArray(),
                ["addBundledMetadata"] = true,
            },
        },
        ["plan"] = new JsonObject(),
        ["metrics"] = new JsonObject { ["sampleRate"] = 0 },
    };

    private static Task WriteAsync(HttpContext http, JsonObject body)
    {
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store"; // A source that is switched off stops at the next page.
        return http.Response.WriteAsync(body.ToJsonString());
    }

    private static Task Refuse(HttpContext http, Answer answer) => answer.WriteAsync(http, default).AsTask();
}
