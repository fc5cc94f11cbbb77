using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Tributary.Hosting.Listening;

namespace Tributary.Hosting.Telemetry;

/// <summary>Names a request's span by its route and adds how it ended. Probes and scrapes leave no spans.</summary>
internal static class RequestSpans
{
    public static void Use(WebApplication app) => app.Use(async (context, next) =>
    {
        var span = context.Features.Get<IHttpActivityFeature>()?.Activity;
        if (span is null || !span.IsAllDataRequested)
        {
            await next(context);
            return;
        }
        if (context.Features.Get<ListenerFeature>()?.Listener is Listener.Operations)
        {
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            span.IsAllDataRequested = false;
        }
        await next(context);
        Describe(span, context);
    });

    private static void Describe(Activity span, HttpContext context)
    {
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        span.DisplayName = route is null ? context.Request.Method : $"{context.Request.Method} {route}";
        span.SetTag("http.route", route);
        span.SetTag("http.response.status_code", context.Response.StatusCode);
        if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
            span.SetStatus(ActivityStatusCode.Error);
    }
}
