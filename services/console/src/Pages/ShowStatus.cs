using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Tributary.Console.Health;

namespace Tributary.Console.Pages;

/// <summary>The page "What runs, and is it well?". Answers at once with what was read last.</summary>
internal static class ShowStatus
{
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void MapStatusPage(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/", [HttpMethods.Get, HttpMethods.Head], Get).AllowAnonymous().ExcludeFromDescription();

    private static RazorComponentResult<StatusPage> Get(
        HttpContext context,
        HealthWatch watch,
        ReadProcess process,
        IOptions<ConsoleOptions> options,
        TimeProvider time)
    {
        context.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        context.Response.Headers.CacheControl = "no-store";
        var view = StatusView.Of(
            watch.Latest, process.For(context.Request), time.GetUtcNow(), options.Value.StaleAfter);
        return new(new { View = view, LooksAgainEvery = options.Value.HealthEvery });
    }
}
