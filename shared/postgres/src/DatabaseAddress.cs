using Npgsql;

namespace Tributary.Postgres;

/// <summary>Reads <c>Database:Url</c>. What it says about a wrong one never repeats any part of it.</summary>
public static class DatabaseAddress
{
    private static readonly string[] Schemes = ["postgres", "postgresql"];

    /// <exception cref="InvalidDatabaseUrlException">It can't be used.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string url)
    {
        try
        {
            var parsed = url.Contains("://", StringComparison.Ordinal)
                ? FromUrl(url)
                : new NpgsqlConnectionStringBuilder(url);
            if (parsed.Host is not { Length: > 0 }) throw Wrong("names no host");
            if (parsed.Database is not { Length: > 0 }) throw Wrong("names no database");
            if (parsed.Username is not { Length: > 0 }) throw Wrong("names no user");

            parsed.PersistSecurityInfo = false;
            return parsed;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or UriFormatException
                                              or KeyNotFoundException or InvalidCastException or OverflowException)
        {
            throw Wrong("is neither a postgres:// URL nor an Npgsql connection string"); // The cause may quote it.
        }
    }

    private static NpgsqlConnectionStringBuilder FromUrl(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri)) throw Wrong("can't be read (is the password encoded?)");
        if (!Schemes.Contains(uri.Scheme)) throw Wrong("does not begin with postgres://");

        var parsed = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.IsDefaultPort || uri.Port < 0 ? 5432 : uri.Port,
            Database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/')),
        };
        var user = uri.UserInfo.Split(':', 2);
        if (user[0].Length > 0) parsed.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1) parsed.Password = Uri.UnescapeDataString(user[1]);

        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = pair.Split('=', 2) is [var left, var right] ? (left, right) : (pair, "");
            if (!TrySet(parsed, name, Uri.UnescapeDataString(value)))
                throw Wrong("has a parameter that is not known (known are sslmode, sslrootcert, connect_timeout, "
                    + "application_name, options)");
        }

        return parsed;
    }

    private static bool TrySet(NpgsqlConnectionStringBuilder parsed, string name, string value)
    {
        var keyword = name switch
        {
            "sslmode" => "SSL Mode",
            "sslrootcert" => "Root Certificate",
            "connect_timeout" => "Timeout",
            "application_name" => "Application Name",
            "options" => "Options",
            _ => null,
        };
        if (keyword is null) return false;

        parsed[keyword] = name == "sslmode" ? value.Replace("-", "", StringComparison.Ordinal) : value;
        return true;
    }

    private static InvalidDatabaseUrlException Wrong(string what) => new($"Database:Url (DATABASE_URL) {what}");
}

/// <summary>The configured address can't be used; the message says why and holds nothing secret.</summary>
public sealed class InvalidDatabaseUrlException(string message) : Exception(message);
