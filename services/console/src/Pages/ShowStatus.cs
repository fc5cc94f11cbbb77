using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Tributary.Console.Health;

namespace Tributary.Console.Pages;

/// <summary>The page "What runs, and is it well?". Answers at once with what was read last.</summary>
internal static class ShowStatus
{
    public static void MapStatusPage(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/status", [HttpMethods.Get, HttpMethods.Head], Get)
            .AllowAnonymous().ExcludeFromDescription();

    private static RazorComponentResult<StatusPage> Get(
        HttpContext context,
        HealthWatch watch,
        ReadProcess process,
        IOptions<ConsoleOptions> options,
        TimeProvider time)
    {
        PageHeaders.Write(context.Response);
        var view = StatusView.Of(
            watch.Latest, process.For(context.Request), time.GetUtcNow(), options.Value.StaleAfter);
        return new(new { View = view, LooksAgainEvery = options.Value.HealthEvery });
    }
}
