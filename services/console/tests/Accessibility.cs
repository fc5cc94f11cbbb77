using System.Diagnostics;
using Tributary.Testing;

namespace Tributary.Console.Tests;

/// <summary>What axe-core, from npm and kept in the cache, finds serious on the page that a browser shows.</summary>
internal static class Accessibility
{
    private const string Package = "axe-core@4.10.3";
    private static readonly Lazy<Task<string>> Script = new(InstallAsync);

    public static async Task<string> SeriousFindingsAsync(Browser browser)
    {
        await browser.RunAsync(await Script.Value);
        await browser.RunAsync("globalThis.findings = null; axe.run(document).then((told) => { "
            + "globalThis.findings = told.violations.filter((one) => ['serious', 'critical'].includes(one.impact))"
            + ".map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`)"
            + ".join('\\n'); });");
        await browser.WaitForAsync("globalThis.findings !== null", "true");
        return await browser.EvaluateAsync("globalThis.findings");
    }

    private static async Task<string> InstallAsync()
    {
        var cache = Environment.GetEnvironmentVariable("TRIBUTARY_CACHE") ?? Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "tributary");
        var folder = Path.Combine(cache, Package.Replace('@', '-'));
        var script = Path.Combine(folder, "node_modules", "axe-core", "axe.min.js");
        if (File.Exists(script)) return await File.ReadAllTextAsync(script);

        var work = $"{folder}.{Environment.ProcessId}";
        using var npm = Process.Start(new ProcessStartInfo(
            RealService.Tool("npm"), ["install", "--prefix", work, "--silent", "--no-audit", "--no-fund", Package]))!;
        await npm.WaitForExitAsync();
        if (npm.ExitCode != 0) Assert.Ignore($"npm could not install {Package}");
        if (!Directory.Exists(folder)) Directory.Move(work, folder);
        return await File.ReadAllTextAsync(script);
    }
}
