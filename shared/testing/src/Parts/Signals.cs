using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Tributary.Testing.Parts;

/// <summary>Signals to a process with everything below it: a server freezes only when its children do.</summary>
internal static partial class Signals
{
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;
    private const int NoSuchProcess = 3;

    public static void Send(int processId, int signal)
    {
        if (KillProcess(processId, signal) == 0 || Marshal.GetLastPInvokeError() == NoSuchProcess) return;
        throw new Win32Exception(Marshal.GetLastPInvokeError(), $"kill -{signal} {processId}");
    }

    /// <summary>The root first, so that it starts nothing new.</summary>
    public static void SendToTree(int root, int signal)
    {
        foreach (var processId in TreeOf(root)) Send(processId, signal);
    }

    /// <summary>The process and all below it, from the top.</summary>
    public static IReadOnlyList<int> TreeOf(int root)
    {
        var children = (from folder in Directory.EnumerateDirectories("/proc")
                        where int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out _)
                        let stat = ReadStat(folder)
                        where stat is not null
                        select stat.Value).ToLookup(stat => stat.Parent, stat => stat.ProcessId);
        List<int> tree = [root];
        for (var index = 0; index < tree.Count; index++) tree.AddRange(children[tree[index]]);
        return tree;
    }

    /// <summary>Whether SIGSTOP holds the process.</summary>
    public static bool IsStopped(int processId) => ReadStat($"/proc/{processId}") is { State: 'T' };

    /// <summary>Whether the process exists and is more than an entry that its parent has not read yet.</summary>
    public static bool IsAlive(int processId) => ReadStat($"/proc/{processId}") is { State: not ('Z' or 'X') };

    private static (int ProcessId, char State, int Parent)? ReadStat(string folder)
    {
        try
        {
            // "17 (name, which may hold spaces and brackets) S 1 …"
            var stat = File.ReadAllText(Path.Combine(folder, "stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ', 3);
            return (int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture), fields[0][0],
                int.Parse(fields[1], CultureInfo.InvariantCulture));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int KillProcess(int processId, int signal);
}
