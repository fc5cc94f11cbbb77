using System.Reflection;

namespace Tributary.Testing.Parts;

/// <summary>A program of this repository that the test project references, run as a process of its own.</summary>
public static class DotNetProgram
{
    /// <param name="program">Found by any type of it, as <c>typeof(CounterOptions).Assembly</c>.</param>
    public static PartCommand Command(
        string name, Assembly program, TemporaryFolder folder, IReadOnlyDictionary<string, string> environment,
        Func<CancellationToken, Task<bool>> isReady) => new()
        {
            Name = name,
            CommandLine = [ToolPath.Require("dotnet"), "exec", program.Location],
            LogFile = folder.At($"{name}.log"),
            IsReady = isReady,
            Environment = environment,
        };
}
