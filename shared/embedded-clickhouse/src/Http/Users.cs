using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Tributary.EmbeddedClickHouse.Engine;

namespace Tributary.EmbeddedClickHouse.Http;

internal sealed record User(string Name, bool ReadOnly);

/// <summary>
/// Tells who asks, by basic authentication, by ClickHouse's headers or by parameters: one of the three.
/// </summary>
internal sealed class Users(IOptions<EmbeddedClickHouseOptions> options)
{
    private readonly EmbeddedClickHouseOptions settings = options.Value;

    public User Of(HttpRequest request)
    {
        var (name, password) = Credentials(request);
        if (name.Length == 0) name = "default";
        if (name == settings.AdministratorUser && Same(password, settings.AdministratorPassword)) return new User(name,
            ReadOnly: false);
        if (name == settings.ReadOnlyUser && ReadOnlyIsOpen && Same(password, settings.ReadOnlyPassword))
        {
            return new User(name, ReadOnly: true);
        }

        throw new EngineException(516, "AUTHENTICATION_FAILED",
            $"{name}: Authentication failed: password is incorrect, or there is no user with such name.");
    }

    private bool ReadOnlyIsOpen => settings.ReadOnlyPassword.Length > 0 || settings.AdministratorPassword.Length == 0;

    private static (string Name, string Password) Credentials(HttpRequest request)
    {
        var headers = request.Headers;
        var byHeaders = headers.ContainsKey("X-ClickHouse-User") || headers.ContainsKey("X-ClickHouse-Key");
        var byBasic = headers.Authorization.ToString();
        var byParameters = request.Query.ContainsKey("user") || request.Query.ContainsKey("password");
        if (byHeaders && (byBasic.Length > 0 || byParameters) || (byBasic.Length > 0 && byParameters))
        {
            throw new EngineException(516, "AUTHENTICATION_FAILED", "Invalid authentication: it is not allowed "
                + "to use ClickHouse HTTP headers, Authorization HTTP header and parameters simultaneously");
        }

        if (byHeaders) return (headers["X-ClickHouse-User"].ToString(), headers["X-ClickHouse-Key"].ToString());
        if (byParameters) return (request.Query["user"].ToString(), request.Query["password"].ToString());
        return byBasic.Length == 0 ? ("", "") : Basic(byBasic);
    }

    private static (string Name, string Password) Basic(string header)
    {
        const string Scheme = "Basic ";
        var bytes = new byte[header.Length];
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            || !Convert.TryFromBase64String(header[Scheme.Length..].Trim(), bytes, out var length))
        {
            throw new EngineException(516, "AUTHENTICATION_FAILED", "Invalid authentication: only Basic is supported");
        }

        var parts = Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2);
        return (parts[0], parts.Length > 1 ? parts[1] : "");
    }

    private static bool Same(string given, string kept) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(kept)));
}
