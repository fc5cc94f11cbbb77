using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Tributary.Authorisation;

namespace Tributary.Console.Sessions;

/// <summary>Who is signed in, and the key that they showed: what is asked for them is asked with it.</summary>
internal sealed record Session(Caller Caller, string Key, string Organisation);

/// <summary>
/// Keeps a visitor's key in a sealed cookie that no script can read and no other site can send. The key is judged anew
/// on every request: one that is taken back ends the session with the next.
/// </summary>
internal sealed class SessionCookie(
    IDataProtectionProvider sealing, AccountDirectory directory, IOptions<ConsoleOptions> options, TimeProvider time)
{
    public const string Name = "tributary_session";
    private const int KeyLengthMax = 256;
    private readonly IDataProtector _seal = sealing.CreateProtector("console session");

    /// <summary>Null for who is not signed in, or no longer.</summary>
    public Session? Of(HttpRequest request) =>
        request.Cookies[Name] is { Length: > 0 and < 4_096 } sealedText && Open(sealedText) is { } key
            ? Judge(key) : null;

    /// <summary>Null for a key that is not good.</summary>
    public Session? Judge(string key) =>
        key.Length is > 0 and <= KeyLengthMax && directory.FindKey(Encoding.UTF8.GetBytes(key)) is { } caller
            ? new(caller, key, directory.NameOf(caller.Organisation) is { Length: > 0 } name ? name : "Organisation")
            : null;

    public void Begin(HttpContext context, Session session) => context.Response.Cookies.Append(
        Name,
        _seal.Protect(string.Create(
            CultureInfo.InvariantCulture, $"{time.GetUtcNow().ToUnixTimeSeconds()} {session.Key}")),
        Settings(context, options.Value.SessionLasts));

    public static void End(HttpContext context) =>
        context.Response.Cookies.Delete(Name, Settings(context, lasts: null));

    private static CookieOptions Settings(HttpContext context, TimeSpan? lasts) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = context.Request.IsHttps,
        Path = "/",
        IsEssential = true,
        MaxAge = lasts,
    };

    private string? Open(string sealedText)
    {
        try
        {
            var parts = _seal.Unprotect(sealedText).Split(' ', 2);
            var begun = DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts[0], CultureInfo.InvariantCulture));
            return time.GetUtcNow() - begun < options.Value.SessionLasts ? parts[1] : null;
        }
        catch (CryptographicException)
        {
            return null; // Someone else's, or of a secret that was changed.
        }
    }
}
