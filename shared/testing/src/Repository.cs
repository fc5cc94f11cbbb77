namespace Tributary.Testing;

/// <summary>Where the sources are that a test was built from.</summary>
public static class Repository
{
    /// <summary>The folder of <c>global.json</c>, above the running test or program.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "global.json"))) folder = folder.Parent;
        return folder?.FullName
            ?? throw new InvalidOperationException($"No global.json above {AppContext.BaseDirectory}");
    }
}
