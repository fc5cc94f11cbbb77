using System.Text;
using Tributary.Authorisation;
using Tributary.Ingestion.Receiving.Parsing;

namespace Tributary.Ingestion.Receiving;

/// <summary>Where a sender puts its write key: Basic authorization, a beacon's query, or Segment's body.</summary>
internal static class WriteKey
{
    private const int LengthMax = 512;
    private const string Basic = "Basic ";

    /// <summary>Whether the head shows a key at all; <paramref name="source"/> is null for one unknown.</summary>
    public static bool TryHead(AccountDirectory accounts, HttpRequest request, out SourceAccess? source)
    {
        source = null;
        Span<byte> key = stackalloc byte[LengthMax];
        var length = request.Headers.Authorization is [{ } authorization]
            ? OfBasic(authorization, key)
            : OfQuery(request, key);
        if (length == 0) return false;
        source = accounts.FindSource(key[..length]);
        return true;
    }

    /// <summary>The same for a key within the body.</summary>
    public static bool TryBody(
        AccountDirectory accounts, ReadOnlySpan<byte> body, ScannedRequest request, out SourceAccess? source)
    {
        source = null;
        var writeKey = request.WriteKey.IsEmpty ? request.WriteKeyOfEvent : request.WriteKey;
        var key = JsonText.Trim(writeKey.In(body));
        if (key.IsEmpty || writeKey.IsEscaped || key.Length > LengthMax) return false;
        source = accounts.FindSource(key);
        return true;
    }

    /// <summary>The name of <c>name:password</c>; the password is anything.</summary>
    private static int OfBasic(string authorization, Span<byte> key)
    {
        if (!authorization.StartsWith(Basic, StringComparison.OrdinalIgnoreCase)) return 0;
        var encoded = authorization.AsSpan(Basic.Length).Trim();
        if (encoded.Length > LengthMax || !Convert.TryFromBase64Chars(encoded, key, out var length)) return 0;
        var colon = key[..length].IndexOf((byte)':');
        return colon < 0 ? length : colon;
    }

    private static int OfQuery(HttpRequest request, Span<byte> key)
    {
        if (!request.QueryString.HasValue || request.Query["writeKey"] is not [{ Length: > 0 } shown]) return 0;
        return Encoding.UTF8.TryGetBytes(shown, key, out var length) ? length : 0;
    }
}
