using System.Text.RegularExpressions;
using Tributary.Contracts.V1;

namespace Tributary.Ingestion.Receiving.Parsing;

/// <summary>What a user agent tells of a device: the few that nearly all visitors have, by plain marks.</summary>
internal static partial class UserAgent
{
    public static Device Read(string text)
    {
        var (browser, browserVersion) = First(Browsers, text);
        var (os, osVersion) = First(Systems, text);
        var isBot = Bot().IsMatch(text);
        var device = new Device
        {
            Type = TypeOf(text, os),
            Model = ModelOf(text, os),
            Os = os,
            OsVersion = osVersion.Replace('_', '.'),
            Browser = browser,
            BrowserVersion = browserVersion,
            Bot = isBot,
        };
        return device;
    }

    // The first that is there counts: most browsers claim to be those below them, too.
    private static readonly (string Name, string Mark)[] Browsers =
    [
        ("Edge", "Edg/"), ("Edge", "EdgA/"), ("Edge", "EdgiOS/"), ("Opera", "OPR/"),
        ("Samsung Internet", "SamsungBrowser/"),
        ("Instagram", "Instagram "), ("Facebook", "FBAV/"), ("TikTok", "musical_ly_"), ("TikTok", "BytedanceWebview/"),
        ("Snapchat", "Snapchat/"), ("Pinterest", "Pinterest/"), ("Yandex", "YaBrowser/"), ("UC Browser", "UCBrowser/"),
        ("DuckDuckGo", "DuckDuckGo/"), ("Vivaldi", "Vivaldi/"), ("Firefox", "Firefox/"), ("Firefox", "FxiOS/"),
        ("Chrome", "CriOS/"), ("Chrome", "HeadlessChrome/"), ("Chrome", "Chrome/"), ("Safari", "Version/"),
        ("Internet Explorer", "rv:11.0"), ("Internet Explorer", "MSIE "),
    ];

    private static readonly (string Name, string Mark)[] Systems =
    [
        ("iOS", "iPhone OS "), ("iPadOS", "iPad; CPU OS "), ("iOS", "CPU OS "), ("Android", "Android "),
        ("Windows", "Windows NT "), ("ChromeOS", "CrOS "), ("Tizen", "Tizen "), ("webOS", "Web0S"), ("tvOS", "AppleTV"),
        ("macOS", "Mac OS X "), ("PlayStation", "PlayStation "), ("Xbox", "Xbox"), ("Linux", "Linux"),
    ];

    private static string TypeOf(string text, string os) => os switch
    {
        _ when Television().IsMatch(text) || os is "tvOS" or "webOS" => "tv",
        "PlayStation" or "Xbox" => "console",
        "iPadOS" => "tablet",
        "iOS" => "mobile",
        "Android" => text.Contains("Mobile", StringComparison.Ordinal) ? "mobile" : "tablet",
        "Windows" or "macOS" or "ChromeOS" or "Linux" => "desktop",
        _ => "other",
    };

    private static string ModelOf(string text, string os) => os switch
    {
        "iOS" => "iPhone",
        "iPadOS" => "iPad",
        "Android" => AndroidModel().Match(text) is { Success: true } model ? model.Groups[1].Value.Trim() : "",
        _ => "",
    };

    private static (string Name, string Version) First((string Name, string Mark)[] known, string text)
    {
        foreach (var (name, mark) in known)
        {
            var at = text.IndexOf(mark, StringComparison.Ordinal);
            if (at < 0) continue;
            var start = at + mark.Length;
            var end = start;
            while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] is '.' or '_')) end++;
            return (name, text[start..end].Trim('.', '_'));
        }
        return ("", "");
    }

    [GeneratedRegex("bot\\b|bot/|crawler|spider|slurp|facebookexternalhit|HeadlessChrome|Lighthouse|curl/|python-",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Bot();

    [GeneratedRegex("TV\\b|SmartTV|BRAVIA|AFT[A-Z]|CrKey", RegexOptions.CultureInvariant)]
    private static partial Regex Television();

    [GeneratedRegex(@"Android [0-9.]+; (?:[a-z]{2}-[A-Za-z]{2}; )?([^;)]{1,64}?)(?: Build/[^;)]*)?[;)]",
        RegexOptions.CultureInvariant)]
    private static partial Regex AndroidModel();
}
