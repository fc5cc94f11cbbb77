using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Tributary.Tidy.Tests.Rules;

/// <summary>Names that say nothing, and names that must be said once.</summary>
internal static partial class Names
{
    /// <summary>Neither a file, a folder nor a type is called by a word that fits everything.</summary>
    public static IEnumerable<string> SaySomething(Tree tree) => tree.Code()
        // A stand-in has the names of what it stands in for.
        .Where(file => !file.Path.StartsWith("shared/stand-ins/", StringComparison.Ordinal))
        .SelectMany(file => Limits.Nodes(file.Text).OfType<BaseTypeDeclarationSyntax>()
            .Select(type => type.Identifier.Text)
            .Concat(file.Path.Split('/').Select(part => part.Split('.')[0]))
            .Where(name => Empty().IsMatch(name))
            .Select(name => $"{file.Path}: {name} is a name that fits everything"));

    /// <summary>What ships names a topic through Topics, never by its text.</summary>
    public static IEnumerable<string> OfTopicsAreSaidOnce(Tree tree) =>
        from file in tree.Shipped()
        where file.Path != "shared/contracts/src/Topics.cs"
        from literal in Limits.Nodes(file.Text).OfType<LiteralExpressionSyntax>()
        where TopicName().IsMatch(literal.Token.ValueText)
        select $"{file.Path} names the topic {literal.Token.ValueText}; take it from Topics";

    /// <summary>A migration is 0001_words.sql, numbered without a gap, and nothing leads back.</summary>
    public static IEnumerable<string> OfMigrationsLeadForward(Tree tree) => tree.Ending(".sql")
        .Where(file => file.Path.Contains("/migrations/", StringComparison.Ordinal))
        .GroupBy(file => Path.GetDirectoryName(file.Path)!)
        .SelectMany(folder => folder.Select(file => Path.GetFileName(file.Path)).Order(StringComparer.Ordinal)
            .Select((name, index) => (name, index))
            .Where(file => !MigrationName().IsMatch(file.name)
                || !file.name.StartsWith($"{file.index + 1:0000}_", StringComparison.Ordinal)
                || file.name.Contains("down", StringComparison.Ordinal)
                || file.name.Contains("rollback", StringComparison.Ordinal))
            .Select(file => $"{folder.Key}/{file.name}: migrations are 0001_words.sql, have no gap and lead forward"));

    [GeneratedRegex("^(Common|Misc|Utils?|Helpers?|Core|Abstractions)$|(Manager|Helpers?|Utils?|Base|Impl|Info|Data)$")]
    private static partial Regex Empty();

    [GeneratedRegex(@"^([a-z_]+(\.[a-z_]+)*\.v[0-9]+|(dead|retry)\.[a-z]+)$")]
    private static partial Regex TopicName();

    [GeneratedRegex(@"^[0-9]{4}_[a-z0-9_]+\.sql$")]
    private static partial Regex MigrationName();
}
