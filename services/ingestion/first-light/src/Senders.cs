using System.Security.Cryptography;
using Tributary.Testing;
using Tributary.Testing.Parts;

namespace Tributary.FirstLight;

/// <summary>RudderStack's and Segment's own libraries, as npm has them, fetched once for a machine.</summary>
internal sealed class Senders
{
    private static readonly TimeSpan SendWithin = TimeSpan.FromSeconds(60);
    private readonly string _folder;

    private Senders(string folder) => _folder = folder;

    /// <summary>What the pages that a browser opens are made of.</summary>
    public static string Pages => Path.Combine(Repository.Root, "services/ingestion/first-light/senders");

    public string Libraries => Path.Combine(_folder, "node_modules");

    /// <returns>Null where npm can't get them.</returns>
    public static async Task<Senders?> FetchAsync(string npm)
    {
        var @lock = Path.Combine(Pages, "package-lock.json");
        var version = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(@lock)))[..16];
        var folder = Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), $".cache/tributary/senders-{version}");
        if (!Directory.Exists(folder))
        {
            var part = $"{folder}.{Environment.ProcessId}";
            Directory.CreateDirectory(part);
            foreach (var name in new[] { "package.json", "package-lock.json" })
                File.Copy(Path.Combine(Pages, name), Path.Combine(part, name), overwrite: true);
            var installed = await Commands.RunAsync(
                [
                    npm, "install", "--prefix", part, "--ignore-scripts", "--omit=optional", "--prefer-offline",
                    "--no-audit", "--no-fund",
                ],
                CancellationToken.None);
            if (installed.ExitCode != 0) return null;
            Directory.Move(part, folder);
        }
        var senders = new Senders(folder);
        File.Copy(Path.Combine(Pages, "node.mjs"), Path.Combine(folder, "node.mjs"), overwrite: true);
        return senders;
    }

    /// <summary>Has a library for Node send its story; throws with what it said where it does not end well.</summary>
    public async Task SendFromNodeAsync(string node, string library, Uri address, Tenant tenant, string run)
    {
        using var patience = new CancellationTokenSource(SendWithin);
        var sent = await Commands.RunAsync(
            [
                node, Path.Combine(_folder, "node.mjs"), library, address.AbsoluteUri.TrimEnd('/'),
                tenant.WriteKey, run,
            ],
            patience.Token);
        if (sent.ExitCode != 0) throw new InvalidOperationException(sent.Output);
    }

    /// <summary>A browser that opens a page and stays there until it is stopped.</summary>
    public static PartCommand Browser(string chromium, Uri page, TemporaryFolder folder, string name) => new()
    {
        Name = name,
        CommandLine =
        [
            chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
            "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
            "--remote-debugging-port=0", $"--user-data-dir={folder.At(name)}", page.AbsoluteUri,
        ],
        LogFile = folder.At($"{name}.log"),
        IsReady = _ => Task.FromResult(true),
    };
}
