using System.Text.RegularExpressions;

namespace Tributary.Tidy.Tests.Rules;

/// <summary>Every part and service says what it promises.</summary>
internal static partial class Readmes
{
    // Not parts that are built on: tests of the repository, its records, and what each stand-in says of itself.
    private static readonly string[] NoParts = ["tidy", "decisions", "stand-ins"];

    public static IEnumerable<string> OfServicesHaveTheirSections(Tree tree) =>
        from service in tree.Services()
        from breach in Missing(tree, $"services/{service}/README.md", ["topics", "tables", "break"])
        select breach;

    public static IEnumerable<string> OfPartsHaveTheirSections(Tree tree) =>
        from part in tree.Parts().Except(NoParts)
        from breach in Missing(tree, $"shared/{part}/README.md", ["break"])
        select breach;

    /// <summary>A path that a README links to exists.</summary>
    public static IEnumerable<string> LinkToWhatExists(Tree tree) =>
        from file in tree.Ending(".md")
        from Match link in Link().Matches(file.Text)
        let target = link.Groups[1].Value
        let path = Path.GetFullPath(target, "/" + Path.GetDirectoryName(file.Path))[1..].TrimEnd('/')
        where !tree.Files.Keys.Any(name => name == path || name.StartsWith(path + "/", StringComparison.Ordinal))
        where !Drawn().IsMatch(path)
        select $"{file.Path} links to {target}, which does not exist";

    private static IEnumerable<string> Missing(Tree tree, string path, string[] sections)
    {
        if (!tree.Files.TryGetValue(path, out var text)) return [$"{path} is missing"];
        var headings = Heading().Matches(text).Select(heading => heading.Value.ToLowerInvariant()).ToList();
        return from section in sections
               where !headings.Any(heading => heading.Contains(section, StringComparison.Ordinal))
               select $"{path} has no heading with the word {section}";
    }

    [GeneratedRegex(@"^##+ .+$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\]\((?!https?:|#|mailto:)([^)\s#]+)[^)]*\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\.(png|svg|jpg)$")]
    private static partial Regex Drawn();
}
