using System.Runtime.CompilerServices;

namespace Tributary.Tidy.Tests;

/// <summary>
/// The repository's texts by their path from its root. Rules are functions of it, so that they can be tried.
/// </summary>
internal sealed class Tree(IReadOnlyDictionary<string, string> files)
{
    private static readonly string[] Skipped = ["artifacts", "bin", "obj", "node_modules"];
    private static readonly string[] Binary = [".png", ".ico", ".woff2", ".snk", ".gz", ".so", ".mmdb", ".jpg"];

    public static string Root { get; } = FindRoot();

    public IReadOnlyDictionary<string, string> Files { get; } = files;

    public static Tree OfRepository() => new(Walk(Root).ToDictionary(
        path => Path.GetRelativePath(Root, path), File.ReadAllText, StringComparer.Ordinal));

    public IEnumerable<(string Path, string Text)> Ending(params string[] ends) =>
        from file in Files
        where ends.Any(end => file.Key.EndsWith(end, StringComparison.Ordinal))
        select (file.Key, file.Value);

    /// <summary>C# that people wrote.</summary>
    public IEnumerable<(string Path, string Text)> Code() =>
        Ending(".cs").Where(file => !file.Path.EndsWith(".g.cs", StringComparison.Ordinal));

    /// <summary>C# that ships: not tests, not the rig that tests use.</summary>
    public IEnumerable<(string Path, string Text)> Shipped() => Code().Where(file =>
        !file.Path.Contains("/tests/", StringComparison.Ordinal)
        && !file.Path.StartsWith("shared/tidy/", StringComparison.Ordinal)
        && !file.Path.StartsWith("shared/testing/", StringComparison.Ordinal));

    /// <summary>Scripts, told by their first line.</summary>
    public IEnumerable<(string Path, string Text)> Scripts() => Files
        .Where(file => file.Key.EndsWith(".sh", StringComparison.Ordinal)
            || (file.Value.StartsWith("#!", StringComparison.Ordinal)
                && file.Value.Split('\n')[0].EndsWith("sh", StringComparison.Ordinal)))
        .Select(file => (file.Key, file.Value));

    /// <summary>The services that exist: the folders under services/, but one that keeps a schema only.</summary>
    public IEnumerable<string> Services() => Folders("services").Where(service => !KeepsSchemaOnly(service));

    /// <summary>The parts that exist: the folders under shared/.</summary>
    public IEnumerable<string> Parts() => Folders("shared");

    private bool KeepsSchemaOnly(string service) =>
        Files.Keys.Any(path => path.StartsWith($"services/{service}/clickhouse/", StringComparison.Ordinal))
        && !Files.Keys.Any(path => path.StartsWith($"services/{service}/src/", StringComparison.Ordinal));

    private IEnumerable<string> Folders(string parent) => Files.Keys
        .Select(path => path.Split('/'))
        .Where(parts => parts.Length > 2 && parts[0] == parent)
        .Select(parts => parts[1])
        .Distinct()
        .Order(StringComparer.Ordinal);

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            if (Binary.Contains(Path.GetExtension(file)) || Path.GetFileName(file) is ".git" or ".env") continue;
            yield return file;
        }

        foreach (var child in Directory.EnumerateDirectories(folder).Where(IsOurs))
        {
            foreach (var file in Walk(child)) yield return file;
        }
    }

    private static bool IsOurs(string folder) => Path.GetFileName(folder) is var name
        && !Skipped.Contains(name) && (name == ".ci" || !name.StartsWith('.'));

    private static string FindRoot([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", ".."));
}
