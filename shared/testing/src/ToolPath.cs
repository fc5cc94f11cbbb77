namespace Tributary.Testing;

/// <summary>Finds programs as a shell does, and in the folders where Debian hides servers from the shell.</summary>
public static class ToolPath
{
    private static readonly string[] SystemFolders = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"];

    /// <summary>The full path, or null where no folder of <paramref name="searchPath"/> has it.</summary>
    public static string? Find(string program, string? searchPath) => (searchPath ?? "")
        .Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);

    /// <summary>The full path of a program that the rig itself needs.</summary>
    public static string Require(string program) =>
        Find(program, Environment.GetEnvironmentVariable("PATH"))
        ?? SystemFolders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException($"{program} is not installed");
}
