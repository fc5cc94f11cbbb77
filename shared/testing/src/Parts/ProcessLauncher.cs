using System.Collections.Concurrent;
using System.Diagnostics;

namespace Tributary.Testing.Parts;

/// <summary>
/// Starts processes that do not outlive this one, whatever ends it: the kernel kills them when the thread that started
/// them ends, so that thread must be one that lives as long as the process, which a pool's thread does not.
/// </summary>
internal static class ProcessLauncher
{
    private static readonly BlockingCollection<Action> Work = StartThread();

    public static Task<Process> StartAsync(PartCommand command)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                started.SetResult(Start(command));
            }
            catch (Exception refused)
            {
                started.SetException(refused);
            }
        });
        return started.Task;
    }

    private static Process Start(PartCommand command)
    {
        // The shell opens the log as the rig's user; then each program replaces the one before it in the same process.
        var start = new ProcessStartInfo("/bin/sh")
        {
            ArgumentList = { "-c", """log=$1; shift; exec "$@" >>"$log" 2>&1 </dev/null""", "part", command.LogFile },
        };
        start.ArgumentList.Add(ToolPath.Require("setpriv"));
        if (command.UnprivilegedUser is { } user && Environment.IsPrivilegedProcess)
        {
            start.ArgumentList.Add($"--reuid={user}");
            start.ArgumentList.Add($"--regid={user}");
            start.ArgumentList.Add("--init-groups");
        }
        start.ArgumentList.Add("--pdeathsig=KILL");
        start.ArgumentList.Add("--");
        foreach (var word in command.CommandLine) start.ArgumentList.Add(word);
        foreach (var (name, value) in command.Environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static BlockingCollection<Action> StartThread()
    {
        var work = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var item in work.GetConsumingEnumerable()) item();
        })
        { IsBackground = true, Name = "process launcher" }.Start();
        return work;
    }
}
