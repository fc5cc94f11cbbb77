using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Tributary.Authorisation;
using Tributary.Console.Pages;
using Tributary.Hosting;

namespace Tributary.Console.Sessions;

/// <summary>The page where someone shows a key, what it posts, and the way out.</summary>
internal static class SignIn
{
    public const string Limit = "console-sign-in";
    private const int FormBytesMax = 16 << 10;

    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sign-in", Show).AllowAnonymous().ExcludeFromDescription();
        routes.MapPost("/sign-in", TakeAsync)
            .WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(FormBytesMax))
            .RequireRateLimit(Limit).AllowAnonymous().ExcludeFromDescription();
        routes.MapPost("/sign-out", LeaveAsync)
            .WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(FormBytesMax))
            .AllowAnonymous().ExcludeFromDescription();
        routes.MapGet("/", Begin).AllowAnonymous().ExcludeFromDescription();
    }

    /// <summary>Where to sign in, coming back to where one was.</summary>
    public static string Address(HttpRequest request) =>
        "/sign-in?to=" + Uri.EscapeDataString(request.Path + request.QueryString);

    private static RedirectHttpResult Begin(HttpRequest request, SessionCookie sessions) =>
        TypedResults.Redirect(sessions.Of(request) is null ? "/sign-in" : "/live");

    private static IResult Show(HttpContext context, string? to, SessionCookie sessions, IAntiforgery antiforgery)
    {
        if (sessions.Of(context.Request) is not null) return TypedResults.LocalRedirect(Inside(to));
        var hadOne = context.Request.Cookies.ContainsKey(SessionCookie.Name);
        return Page(
            context, antiforgery, Inside(to), hadOne ? "Your session has ended: the key is no longer good." : "");
    }

    private static async Task<IResult> TakeAsync(
        HttpContext context, SessionCookie sessions, AccountDirectory directory, IAntiforgery antiforgery)
    {
        var isOurs = await antiforgery.IsRequestValidAsync(context);
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var to = Inside(form["to"]);
        if (!isOurs) return Page(context, antiforgery, to, "The form was too old. Please try again.");

        if (sessions.Judge(form["key"].ToString().Trim()) is not { } session)
        {
            return Page(context, antiforgery, to, directory.Organisations.Count == 0
                ? "No account is known here yet: Kafka, which carries them, is still being read or does not answer."
                : "That is not a key that is good here. Has it expired, or was it revoked?");
        }

        if (!session.Caller.May("events:read"))
            return Page(context, antiforgery, to, "That key may not read events (events:read).");

        sessions.Begin(context, session);
        return TypedResults.LocalRedirect(to);
    }

    private static async Task<IResult> LeaveAsync(HttpContext context, IAntiforgery antiforgery)
    {
        if (await antiforgery.IsRequestValidAsync(context)) SessionCookie.End(context);
        return TypedResults.LocalRedirect("/sign-in");
    }

    private static RazorComponentResult<SignInPage> Page(
        HttpContext context, IAntiforgery antiforgery, string to, string fault)
    {
        PageHeaders.Write(context.Response);
        var form = antiforgery.GetAndStoreTokens(context).RequestToken!;
        return new(new { To = to, Fault = fault, Form = form })
        {
            StatusCode = fault.Length > 0 && HttpMethods.IsPost(context.Request.Method) ? 403 : 200,
        };
    }

    /// <summary>A path of ours, whatever was asked for: nobody is sent elsewhere by signing in.</summary>
    private static string Inside(string? to) =>
        to is { Length: > 1 and < 8_192 } && to[0] == '/' && to[1] is not ('/' or '\\')
            && !to.AsSpan().ContainsAnyInRange('\0', '\x1f') ? to : "/live";
}
