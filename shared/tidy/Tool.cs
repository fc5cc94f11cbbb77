using System.Diagnostics;

namespace Tributary.Tidy.Tests;

/// <summary>A program that checks what can't be run here. Absent: skipped by name on a laptop, failed in CI.</summary>
internal static class Tool
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    /// <summary>Where the tools lie that no distribution packages; TRIBUTARY_TOOLS overrides it.</summary>
    private static string Folder =>
        Environment.GetEnvironmentVariable("TRIBUTARY_TOOLS") ?? Path.Combine(Tree.Root, "..", "shared", "tools");

    public static string FromFolder(string name) => Existing(Path.Combine(Folder, name), name);

    public static string FromPath(string name)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        var path = folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        return Existing(path ?? "", name);
    }

    /// <summary>Runs a tool in the repository; returns how it ended and all that it said.</summary>
    public static async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Tree.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var bound = new CancellationTokenSource(Bound);
        var said = await Task.WhenAll(
            process.StandardOutput.ReadToEndAsync(bound.Token), process.StandardError.ReadToEndAsync(bound.Token));
        await process.WaitForExitAsync(bound.Token);
        return (process.ExitCode, string.Concat(said));
    }

    private static string Existing(string path, string name)
    {
        if (File.Exists(path)) return path;
        var reason = $"{name} is not installed";
        if (Environment.GetEnvironmentVariable("CI") is not null) Assert.Fail(reason);
        Assert.Ignore(reason);
        return path;
    }
}
