using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Tributary.Authorisation.Http;

/// <summary>
/// The key that a request shows: <c>Authorization: Bearer KEY</c>, else <c>X-Api-Key</c>, else the console's cookie.
/// </summary>
internal static class Credential
{
    private const int KeyLengthMax = 256;
    private const string Scheme = "Bearer ";

    public static string? Of(HttpRequest request)
    {
        if (request.Headers.Authorization is { Count: > 0 } authorization)
            return authorization.ToString() is var said
                && said.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? said[Scheme.Length..].Trim() : "";
        if (request.Headers["X-Api-Key"] is { Count: > 0 } key) return key.ToString().Trim();
        return IsOfOurOrigin(request) ? request.Cookies[SignedIn.Cookie] : null;
    }

    /// <summary>Its bytes, or none where it can't be a key of ours.</summary>
    public static ReadOnlySpan<byte> BytesOf(string key, Span<byte> buffer) =>
        key.Length <= KeyLengthMax && Encoding.UTF8.TryGetBytes(key, buffer, out var length) ? buffer[..length] : [];

    /// <summary>
    /// A browser sends a cookie whoever's page asks. Same-site cookies are not sent from elsewhere; where the browser
    /// tells who asks, that is believed too.
    /// </summary>
    private static bool IsOfOurOrigin(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none";
}

/// <summary>How the pages keep a key: set it HttpOnly, SameSite=Strict, and Secure behind TLS.</summary>
public static class SignedIn
{
    public const string Cookie = "tributary_key";
}
