using System.Text.RegularExpressions;

namespace Tributary.Tidy.Tests.Rules;

/// <summary>What no text of the repository says.</summary>
internal static partial class Prose
{
    // The rules and their examples name what they forbid.
    private static readonly string[] Judges = ["shared/tidy/"];

    /// <summary>A warning is suppressed with its reason on the same line, or in the comment above it.</summary>
    public static IEnumerable<string> GivesAReasonForEachSuppression(Tree tree) => tree
        .Ending(".cs", ".csproj", ".props", ".editorconfig", ".sh", ".targets")
        .Concat(tree.Scripts())
        .DistinctBy(file => file.Path)
        .Where(file => !Judges.Any(file.Path.StartsWith))
        .SelectMany(file => Lines(file)
            .Where(line => Suppression().IsMatch(line.Text) && !Reason().IsMatch(line.Text))
            .Where(line => !Comment().IsMatch(line.Above))
            .Select(line => $"{file.Path}:{line.Number} suppresses a warning and does not say why"));

    /// <summary>No path of one machine, no host of a registry: the repository is built anywhere.</summary>
    public static IEnumerable<string> NamesNoMachine(Tree tree) =>
        Find(tree, Machine(), "names a machine or a registry");

    /// <summary>What is not done is not in the tree.</summary>
    public static IEnumerable<string> LeavesNothingToDo(Tree tree) =>
        Find(tree, Unfinished(), "leaves something to do");

    /// <summary>History is in git; a comment is about now.</summary>
    public static IEnumerable<string> TellsNoHistory(Tree tree) => Find(tree, Ticket(), "names a ticket");

    /// <summary>A test waits for a condition, never for the clock.</summary>
    public static IEnumerable<string> WaitsForNoClock(Tree tree) =>
        Find(tree, Sleep(), "sleeps; poll a condition instead");

    /// <summary>A unit of work commits itself: round it, what was published would be dropped without a word.</summary>
    public static IEnumerable<string> CommitsByTheUnitOfWork(Tree tree) =>
        Find(tree, DirectCommit(), "commits round its unit of work");

    private static IEnumerable<string> Find(Tree tree, Regex pattern, string breach) =>
        from file in tree.Files
        where !Judges.Any(file.Key.StartsWith)
        where file.Key is not "LICENSE" && !file.Key.EndsWith("package-lock.json", StringComparison.Ordinal)
        from line in Lines((file.Key, file.Value))
        let match = pattern.Match(line.Text)
        where match.Success
        select $"{file.Key}:{line.Number} {breach}: {match.Value.Trim()}";

    private static IEnumerable<(int Number, string Text, string Above)> Lines((string Path, string Text) file)
    {
        var lines = file.Text.Split('\n');
        return lines.Select((text, index) => (index + 1, text, Above(file.Path, lines, index)));
    }

    // The settings of a section share the comment above the section.
    private static string Above(string path, string[] lines, int index)
    {
        var above = index == 0 ? "" : lines[index - 1];
        if (path != ".editorconfig" || Comment().IsMatch(above)) return above;
        return lines.Take(index).Reverse().TakeWhile(line => line.Length > 0).LastOrDefault("");
    }

    [GeneratedRegex(@"#pragma warning disable|SuppressMessage\(|<NoWarn>|severity = none|shellcheck disable=")]
    private static partial Regex Suppression();

    [GeneratedRegex(@"//\s*\w+|Justification = ""\w+|<!--\s*\w+|disable=[\w,]+ #\s*\w+")]
    private static partial Regex Reason();

    [GeneratedRegex(@"^\s*(//|#|<!--|.*-->\s*$)")]
    private static partial Regex Comment();

    [GeneratedRegex(@"(?<![\w.$}{~*/\]-])/(root|home|work|Users)/[\w.]|[A-Z]:\\Users"
        + @"|\bregistry\.[a-z]+\.[a-z]+|api\.nuget\.org")]
    private static partial Regex Machine();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"\b([Ii]ssue|[Tt]icket|PR) #\d+")]
    private static partial Regex Ticket();

    [GeneratedRegex(@"Thread\.Sleep\(")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"\.Transaction\.Commit(Async)?\(")]
    private static partial Regex DirectCommit();
}
