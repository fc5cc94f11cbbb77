using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;

namespace Tributary.StandIns.Tests;

/// <summary>
/// Node with the packages of <c>node/package.json</c>, which are installed once per content into the cache folder.
/// Absent: skipped on a laptop, failed in CI.
/// </summary>
internal static class Node
{
    private static readonly string Scripts = Path.Combine(AppContext.BaseDirectory, "node");
    private static readonly Lazy<string> Packages = new(Install);

    public static Process Start(string script, params string[] arguments)
    {
        var packages = Packages.Value;
        return Run("node", [Path.Combine(Scripts, script), .. arguments], Scripts, ("NODE_PATH", packages));
    }

    private static string Install()
    {
        var wanted = File.ReadAllBytes(Path.Combine(Scripts, "package.json"));
        var kept = Path.Combine(Cache(), $"node-{Convert.ToHexStringLower(SHA256.HashData(wanted))[..16]}");
        var modules = Path.Combine(kept, "node_modules");
        if (Directory.Exists(modules)) return modules;

        var work = Directory.CreateDirectory($"{kept}.{Environment.ProcessId}").FullName;
        File.WriteAllBytes(Path.Combine(work, "package.json"), wanted);
        using var npm = Run("npm", ["install", "--silent", "--no-package-lock", "--no-audit", "--no-fund"], work);
        var said = npm.StandardError.ReadToEnd();
        npm.WaitForExit();
        if (npm.ExitCode != 0) Absent($"npm could not install @grpc/grpc-js: {said}");
        if (!Directory.Exists(kept)) Directory.Move(work, kept);
        return modules;
    }

    private static string Cache() => Environment.GetEnvironmentVariable("TRIBUTARY_CACHE") ?? Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "tributary");

    private static Process Run(
        string program, string[] arguments, string folder, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Absent($"{program} is not installed");
            throw;
        }
    }

    private static void Absent(string reason)
    {
        if (Environment.GetEnvironmentVariable("CI") is not null) Assert.Fail(reason);
        Assert.Ignore(reason);
    }
}
