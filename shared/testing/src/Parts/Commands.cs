using System.Diagnostics;

namespace Tributary.Testing.Parts;

/// <summary>What a program that ends by itself answered.</summary>
public sealed record CommandResult(int ExitCode, string Output);

/// <summary>Runs programs that prepare a part and end by themselves.</summary>
public static class Commands
{
    /// <returns>The exit code, and what it wrote to both of its streams.</returns>
    public static async Task<CommandResult> RunAsync(
        IReadOnlyList<string> commandLine, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(commandLine[0], commandLine.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return new(process.ExitCode, await output + await errors);
    }

    /// <summary>Throws with what it wrote unless it ends with success.</summary>
    public static async Task RequireAsync(IReadOnlyList<string> commandLine, CancellationToken cancellationToken)
    {
        var result = await RunAsync(commandLine, cancellationToken);
        if (result.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', commandLine)}: {result.Output}");
    }

    /// <summary>Prefixed so that it runs as this user where the rig is run by root.</summary>
    public static IReadOnlyList<string> As(string user, params IEnumerable<string> commandLine) =>
        Environment.IsPrivilegedProcess
            ? [ToolPath.Require("setpriv"), $"--reuid={user}", $"--regid={user}", "--init-groups", "--", .. commandLine]
            : [.. commandLine];
}
