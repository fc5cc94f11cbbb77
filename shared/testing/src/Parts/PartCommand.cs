namespace Tributary.Testing.Parts;

/// <summary>How a part is started, every time anew: the same command on the same ports and folders.</summary>
public sealed record PartCommand
{
    /// <summary>What the mayhem and the report call it.</summary>
    public required string Name { get; init; }

    /// <summary>The program and its arguments; the program must not put itself into the background.</summary>
    public required IReadOnlyList<string> CommandLine { get; init; }

    /// <summary>Appended to by every start.</summary>
    public required string LogFile { get; init; }

    /// <summary>True once the part does its work; asked again and again until then. It may throw meanwhile.</summary>
    public required Func<CancellationToken, Task<bool>> IsReady { get; init; }

    /// <summary>How long a start may take, one after a kill included.</summary>
    public TimeSpan ReadyWithin { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Added to the rig's own environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The user to run as where the rig is run by root; null for the rig's own.</summary>
    public string? UnprivilegedUser { get; init; }
}
