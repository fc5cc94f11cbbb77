using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Tributary.Standalone.Children;

/// <summary>The command lines and signals by which the system is asked to run, stop and end a child.</summary>
internal static class ChildProcess
{
    private const int Terminate = 15;

    /// <summary>
    /// setpriv asks the system to kill the child when this process ends, in whatever way, and becomes it.
    /// </summary>
    public static ProcessStartInfo Command(ChildOptions options)
    {
        var command = new ProcessStartInfo(
            "setpriv", ["--pdeathsig", "KILL", "--", options.Program, .. options.Arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        foreach (var (name, value) in options.Environment) command.Environment[name] = value;
        command.Environment["TRIBUTARY_CHILD"] = options.Name;
        return command;
    }

    /// <summary>Asks it to stop, and kills it when it does not by the time that the bound is cancelled.</summary>
    public static async Task EndAsync(Process process, CancellationToken bound)
    {
        if (!process.HasExited) _ = Kill(process.Id, Terminate); // Gone in between: that is what was asked for.
        await process.WaitForExitAsync(bound).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (process.HasExited) return;

        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
