using System.Data.Common;
using System.Globalization;

namespace Tributary.ClickHouse;

/// <summary>
/// Where the server is and how to speak to it: <c>Host=…;Port=8123;Username=…;Password=…;Database=…</c>, or
/// a URL <c>http://user:password@host:port/database</c>.
/// </summary>
public sealed class ClickHouseConnectionStringBuilder : DbConnectionStringBuilder
{
    private const string SettingPrefix = "set_";

    public ClickHouseConnectionStringBuilder()
    {
    }

    public ClickHouseConnectionStringBuilder(string text)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https") Take(url!);
        else ConnectionString = text;
    }

    public string Protocol
    {
        get => Text("Protocol", "http");
        set => this["Protocol"] = value;
    }

    public string Host
    {
        get => Text("Host", "localhost");
        set => this["Host"] = value;
    }

    public int Port
    {
        get => int.Parse(Text("Port", "8123"), CultureInfo.InvariantCulture);
        set => this["Port"] = value;
    }

    public string Username
    {
        get => Text("Username", "default");
        set => this["Username"] = value;
    }

    public string Password
    {
        get => Text("Password", "");
        set => this["Password"] = value;
    }

    public string Database
    {
        get => Text("Database", "");
        set => this["Database"] = value;
    }

    /// <summary>
    /// Whether bytes are compressed on their way (LZ4, in ClickHouse's blocks). Costs more than it brings on one
    /// machine.
    /// </summary>
    public bool Compression
    {
        get => bool.Parse(Text("Compression", "false"));
        set => this["Compression"] = value;
    }

    /// <summary>How long an answer may take to begin.</summary>
    public TimeSpan Timeout
    {
        get => TimeSpan.FromSeconds(double.Parse(Text("Timeout", "120"), CultureInfo.InvariantCulture));
        set => this["Timeout"] = value.TotalSeconds;
    }

    /// <summary>How often what is safe to repeat is repeated.</summary>
    public int Retries
    {
        get => int.Parse(Text("Retries", "4"), CultureInfo.InvariantCulture);
        set => this["Retries"] = value;
    }

    /// <summary>
    /// Whether the server keeps what <c>SET</c> and temporary tables leave, for this connection's or client's life. It
    /// takes one request of a session at a time and refuses another with code 373.
    /// </summary>
    public bool UseSession
    {
        get => bool.Parse(Text("UseSession", "false"));
        set => this["UseSession"] = value;
    }

    /// <summary>The session's name; one of chance when not given.</summary>
    public string SessionId
    {
        get => Text("SessionId", "");
        set => this["SessionId"] = value;
    }

    /// <summary>Settings for every statement: keys that begin so, as <c>set_max_threads=1</c>.</summary>
    public IReadOnlyDictionary<string, string> CustomSettings => Keys!.Cast<string>()
        .Where(key => key.StartsWith(SettingPrefix, StringComparison.OrdinalIgnoreCase))
        .ToDictionary(key => key[SettingPrefix.Length..], key => Text(key, ""), StringComparer.Ordinal);

    public Uri Address => new UriBuilder(Protocol, Host, Port).Uri;

    private string Text(string key, string absent) => TryGetValue(key, out var value) ? value.ToString()! : absent;

    private void Take(Uri url)
    {
        Protocol = url.Scheme;
        Host = url.Host;
        Port = url.Port;
        var user = url.UserInfo.Split(':', 2);
        if (user[0].Length > 0) Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1) Password = Uri.UnescapeDataString(user[1]);
        if (url.AbsolutePath.Trim('/') is { Length: > 0 } database) Database = Uri.UnescapeDataString(database);
        foreach (var pair in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            this[Uri.UnescapeDataString(parts[0])] = Uri.UnescapeDataString(parts.Length > 1 ? parts[1] : "");
        }
    }
}
