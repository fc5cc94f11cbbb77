using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tributary.Console.Tests;

/// <summary>
/// Debian's Chromium, spoken to by its own protocol. Absent: skipped by name on a laptop, failed in CI.
/// </summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private readonly CancellationTokenSource _bound = new(Bound);
    private readonly ClientWebSocket _socket = new();
    private readonly Process _process;
    private readonly string _profile;
    private readonly List<JsonNode> _told = [];
    private int _calls;

    private Browser(Process process, string profile) => (_process, _profile) = (process, profile);

    /// <summary>What the page complained of: refused by its policy, or thrown by its scripts.</summary>
    public IEnumerable<string> Complaints => _told
        .Where(told => (string?)told["method"] is "Log.entryAdded" or "Runtime.exceptionThrown")
        .Select(told => told["params"]!.ToJsonString());

    public static async Task<Browser> OpenAsync(Uri page, int width, string theme)
    {
        var profile = Directory.CreateTempSubdirectory("browser-").FullName;
        var process = Process.Start(new ProcessStartInfo(Program(),
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
            "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
            "--remote-debugging-port=0", $"--user-data-dir={profile}", "about:blank",
        ])
        { RedirectStandardError = true })!;
        var browser = new Browser(process, profile);
        await browser.ConnectAsync();
        await browser.AskAsync("Log.enable");
        await browser.AskAsync("Runtime.enable");
        await browser.AskAsync("Page.enable");
        await browser.AskAsync("Emulation.setDeviceMetricsOverride",
            new { width, height = 900, deviceScaleFactor = 1, mobile = width < 800 });
        await browser.AskAsync("Emulation.setEmulatedMedia",
            new { features = new[] { new { name = "prefers-color-scheme", value = theme } } });
        await browser.AskAsync("Page.navigate", new { url = page });
        while (await browser.EvaluateAsync("document.readyState + location.protocol") != "completehttp:")
            await Task.Delay(20, browser._bound.Token);
        return browser;
    }

    /// <summary>What an expression is on the page, as text.</summary>
    public async Task<string> EvaluateAsync(string expression)
    {
        var answer = await AskAsync("Runtime.evaluate", new { expression = $"String({expression})" });
        return (string?)answer["result"]!["value"] ?? answer.ToJsonString();
    }

    /// <summary>Runs a whole script, whatever the page's own policy allows.</summary>
    public Task RunAsync(string script) => AskAsync("Runtime.evaluate", new { expression = script });

    /// <summary>Returns when an expression is what the test waits for, and fails after the bound.</summary>
    public async Task WaitForAsync(string expression, string value)
    {
        while (await EvaluateAsync(expression) != value) await Task.Delay(20, _bound.Token);
    }

    /// <summary>A key, pressed and let go, as the keyboard does.</summary>
    public async Task PressAsync(string key)
    {
        var text = key.Length == 1 ? key : key == "Enter" ? "\r" : "";
        var code = key switch { "Enter" => 13, "Escape" => 27, _ => 0 };
        var down = text.Length == 0 ? "rawKeyDown" : "keyDown";
        await AskAsync("Input.dispatchKeyEvent", new { type = down, key, text, windowsVirtualKeyCode = code });
        await AskAsync("Input.dispatchKeyEvent", new { type = "keyUp", key, windowsVirtualKeyCode = code });
    }

    /// <summary>A picture of the first screenful, for a person to look at.</summary>
    public async Task<string> PictureAsync(string name)
    {
        var answer = await AskAsync("Page.captureScreenshot", new { format = "png" });
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{name}.png");
        await File.WriteAllBytesAsync(path, Convert.FromBase64String((string)answer["data"]!), _bound.Token);
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _socket.Dispose();
        _bound.Dispose();
        Directory.Delete(_profile, recursive: true);
    }

    private static string Program()
    {
        const string chromium = "/usr/bin/chromium";
        if (File.Exists(chromium)) return chromium;
        if (Environment.GetEnvironmentVariable("CI") is not null) Assert.Fail("chromium is not installed");
        Assert.Ignore("chromium is not installed");
        return chromium;
    }

    private async Task ConnectAsync()
    {
        var line = "";
        while (!line.StartsWith("DevTools listening on ", StringComparison.Ordinal))
        {
            line = await _process.StandardError.ReadLineAsync(_bound.Token)
                ?? throw new InvalidOperationException("Chromium ended before it listened.");
        }

        _ = _process.StandardError.ReadToEndAsync(CancellationToken.None); // So that it never waits for us to read.
        var door = new Uri(line["DevTools listening on ".Length..]);
        using var client = new HttpClient();
        var tabs = JsonNode.Parse(await client.GetStringAsync($"http://{door.Authority}/json", _bound.Token))!;
        var tab = tabs.AsArray().First(tab => (string?)tab!["type"] == "page")!;
        await _socket.ConnectAsync(new((string)tab["webSocketDebuggerUrl"]!), _bound.Token);
    }

    private async Task<JsonNode> AskAsync(string method, object? arguments = null)
    {
        var id = ++_calls;
        var call = JsonSerializer.SerializeToUtf8Bytes(new { id, method, @params = arguments ?? new { } });
        await _socket.SendAsync(call, WebSocketMessageType.Text, endOfMessage: true, _bound.Token);
        while (true)
        {
            var told = await HearAsync();
            if ((int?)told["id"] != id) _told.Add(told);
            else return told["result"] ?? throw new InvalidOperationException(told.ToJsonString());
        }
    }

    private async Task<JsonNode> HearAsync()
    {
        using var whole = new MemoryStream();
        var part = new byte[65_536];
        WebSocketReceiveResult received;
        do
        {
            received = await _socket.ReceiveAsync(part, _bound.Token);
            whole.Write(part, 0, received.Count);
        }
        while (!received.EndOfMessage);
        return JsonNode.Parse(whole.ToArray())!;
    }
}
