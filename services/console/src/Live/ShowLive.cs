using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Tributary.Authorisation;
using Tributary.Console.Pages;
using Tributary.Console.Sessions;

namespace Tributary.Console.Live;

/// <summary>The page "What is arriving?". Its events come by the page's own stream.</summary>
internal static class ShowLive
{
    public static void MapLivePage(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/live", Get)
            .AllowAnonymous() // Who is not signed in is sent to sign in.
            .ExcludeFromDescription();

    private static IResult Get(
        HttpContext context, string? source, string? name, string? outcome, SessionCookie sessions,
        LiveSurroundings with)
    {
        if (sessions.Of(context.Request) is not { } session)
            return TypedResults.Redirect(SignIn.Address(context.Request));

        PageHeaders.Write(context.Response);
        var options = with.Options.Value;
        var edge = options.Edge.Length > 0 ? options.Edge : $"{context.Request.Scheme}://{context.Request.Host}";
        var view = LiveView.Of(
            session.Organisation, with.Directory.SourcesOf(session.Caller.Organisation),
            new(Guid.TryParse(source, out var chosen) ? chosen : null, name, outcome),
            edge.TrimEnd('/'), options.CountsEvery);
        var form = with.Antiforgery.GetAndStoreTokens(context).RequestToken!;
        return new RazorComponentResult<LivePage>(new { View = view, Form = form });
    }
}

/// <summary>What the live page is made from.</summary>
internal sealed record LiveSurroundings(
    AccountDirectory Directory, IAntiforgery Antiforgery, IOptions<ConsoleOptions> Options);
