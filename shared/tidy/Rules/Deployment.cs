using System.Text.RegularExpressions;

namespace Tributary.Tidy.Tests.Rules;

/// <summary>Every service that exists is in every place that lists services.</summary>
internal static partial class Deployment
{
    public static IEnumerable<string> HasEachServiceInCompose(Tree tree) =>
        from service in tree.Services()
        where !Text(tree, "docker-compose.yml").Contains($"\n  {service}:\n", StringComparison.Ordinal)
        select $"docker-compose.yml does not have the service {service}";

    public static IEnumerable<string> HasEachServiceInKubernetes(Tree tree) =>
        from service in tree.Services()
        from breach in new[]
        {
            tree.Files.ContainsKey($"k8s/base/{service}/kustomization.yaml") ? null : $"k8s/base/{service} is missing",
            Overlays(tree).Any(text => text.Contains($"base/{service}\n", StringComparison.Ordinal))
                ? null : $"no overlay of k8s has base/{service}",
        }
        where breach is not null
        select breach;

    /// <summary>The README's table has a row for each service, and none for what does not exist.</summary>
    public static IEnumerable<string> HasEachServiceInTheReadme(Tree tree)
    {
        var rows = Row().Matches(Text(tree, "README.md")).Select(row => row.Groups[1].Value).ToHashSet();
        return tree.Services().Except(rows).Select(service => $"README.md has no row for the service {service}")
            .Concat(rows.Except(tree.Services()).Select(row => $"README.md has a row for {row}, which does not exist"));
    }

    /// <summary>No password, key or token stands in a file that starts things.</summary>
    public static IEnumerable<string> HasNoDefaultPassword(Tree tree) =>
        from file in tree.Ending(".yml", ".yaml", ".json", ".env.example", ".Dockerfile").Concat(tree.Scripts())
        where !file.Path.EndsWith("package-lock.json", StringComparison.Ordinal)
        where !file.Path.Contains("/tests/", StringComparison.Ordinal)
        where !file.Path.Contains("/golden/", StringComparison.Ordinal)
        from line in file.Text.Split('\n').Select((text, index) => (Text: text, Number: index + 1))
        let match = Secret().Match(line.Text)
        where match.Success
        where !Elsewhere().IsMatch(match.Groups[1].Value)
        select $"{file.Path}:{line.Number} has a password of its own: {match.Value.Trim()}";

    /// <summary>No password is an argument: everyone on the machine can read those.</summary>
    public static IEnumerable<string> PassesNoPasswordAsArgument(Tree tree) =>
        from file in tree.Ending(".yml", ".yaml", ".Dockerfile").Concat(tree.Scripts())
        from line in file.Text.Split('\n').Select((text, index) => (Text: text, Number: index + 1))
        where Argument().IsMatch(line.Text)
        select $"{file.Path}:{line.Number} passes a password as an argument; use a file or the environment";

    /// <summary>An image is pinned to a version: never latest, never bare.</summary>
    public static IEnumerable<string> PinsEachImage(Tree tree) =>
        from file in tree.Ending(".yml", ".yaml", ".Dockerfile")
        from Match image in Image().Matches(file.Text)
        let name = image.Groups[1].Value
        where !name.Contains("${", StringComparison.Ordinal) && !IsStage(file.Text, name)
        where !name.Contains(':', StringComparison.Ordinal) || name.EndsWith(":latest", StringComparison.Ordinal)
        select $"{file.Path} takes the image {name} without a version";

    /// <summary>Compose publishes on loopback only.</summary>
    public static IEnumerable<string> PublishesOnLoopback(Tree tree) =>
        from file in tree.Ending("docker-compose.yml")
        from Match ports in Ports().Matches(file.Text)
        from Match port in Port().Matches(ports.Groups["in"].Value)
        where !port.Value.StartsWith("127.0.0.1:", StringComparison.Ordinal)
        select $"{file.Path} publishes {port.Value} beyond loopback";

    /// <summary>What alerts and dashboards ask of our own metrics, the code reports.</summary>
    public static IEnumerable<string> AsksForMetricsThatExist(Tree tree)
    {
        var reported = tree.Shipped()
            .SelectMany(file => Instrument().Matches(file.Text))
            .Select(match => match.Groups[1].Value.Replace('.', '_'))
            .ToHashSet(StringComparer.Ordinal);
        return from file in tree.Ending(".yaml", ".json")
               where file.Path.StartsWith("deploy/alerts/", StringComparison.Ordinal)
                   || file.Path.StartsWith("deploy/dashboards/", StringComparison.Ordinal)
               from name in Metric().Matches(file.Text).Select(match => match.Value).Distinct()
               where !reported.Any(known => name.StartsWith(known, StringComparison.Ordinal)
                   && Suffix().IsMatch(name[known.Length..]))
               select $"{file.Path} asks for {name}, which nothing reports";
    }

    /// <summary>A policy names the pods that it is for: with none it is for all of the namespace.</summary>
    public static IEnumerable<string> ChoosesThePodsOfAPolicy(Tree tree) =>
        from file in tree.Ending(".yaml")
        where file.Path.StartsWith("k8s/", StringComparison.Ordinal)
        from document in file.Text.Split("\n---\n")
        where document.Contains("kind: NetworkPolicy", StringComparison.Ordinal)
        where !OwnPods().IsMatch(document)
        select $"{file.Path} has a policy for every pod: give its podSelector the service's name";

    private static bool IsStage(string dockerfile, string name) =>
        dockerfile.Contains($" AS {name}\n", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> Overlays(Tree tree) => tree.Ending("kustomization.yaml")
        .Where(file => file.Path.StartsWith("k8s/overlays/", StringComparison.Ordinal))
        .Select(file => file.Text);

    private static string Text(Tree tree, string path) => tree.Files.GetValueOrDefault(path, "");

    [GeneratedRegex(@"^\| \[([a-z]+)\]\(services/[a-z]+/?(?:README\.md)?\)", RegexOptions.Multiline)]
    private static partial Regex Row();

    // Only what is written out: a name that is passed on, read from a file or asked for stands elsewhere.
    [GeneratedRegex(
        @"(?:password|passwd|secret|encryption_key|api_key|token)\w*['""]?(?:\s*=\s*|:\s+)['""]?([^\s'"",}]+)",
        RegexOptions.IgnoreCase)]
    private static partial Regex Secret();

    // -v password=$x, --password "$x", --requirepass, "${X}": by a flag, and not empty.
    [GeneratedRegex(@"(?:\s-v\s+|--)\w*(?:password|requirepass|secret|token)['""]?(?:=|,?\s+)['""]?\$",
        RegexOptions.IgnoreCase)]
    private static partial Regex Argument();

    [GeneratedRegex(@"^(\$|\{|<|\(|true|false|\[|\||>|&|""?$|[a-z-]+$(?<=-credentials|-secrets)|/run/|/etc/)")]
    private static partial Regex Elsewhere();

    [GeneratedRegex(@"^\s*(?:- )?(?:image:|FROM)\s+['""]?([^\s'""]+)", RegexOptions.Multiline)]
    private static partial Regex Image();

    [GeneratedRegex(@"""(tributary(?:\.[a-z_]+)+)""")]
    private static partial Regex Instrument();

    // What follows is no part of a name; a file's ending is.
    [GeneratedRegex(@"\btributary_[a-z_]+\b(?!\.ya?ml)")]
    private static partial Regex Metric();

    [GeneratedRegex(@"^  podSelector: \{ matchLabels: \{ app\.kubernetes\.io/name: [a-z]", RegexOptions.Multiline)]
    private static partial Regex OwnPods();

    [GeneratedRegex("^(_seconds|_bytes|_ratio)?(_total|_bucket|_count|_sum)?$")]
    private static partial Regex Suffix();

    // A list in brackets, or an entry on each line.
    [GeneratedRegex(@"^ +ports:(?:\s*\[(?<in>[^\]]*)\]|(?<in>(?:\n +- .*)+))", RegexOptions.Multiline)]
    private static partial Regex Ports();

    [GeneratedRegex(@"[\w.${}?:-]*:\d+")]
    private static partial Regex Port();
}
