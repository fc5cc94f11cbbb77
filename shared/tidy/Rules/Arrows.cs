using System.Xml.Linq;

namespace Tributary.Tidy.Tests.Rules;

/// <summary>Who may depend on whom.</summary>
internal static class Arrows
{
    /// <summary>A project references shared ones and its own folder's; only standalone references services.</summary>
    public static IEnumerable<string> PointToShared(Tree tree) =>
        from reference in References(tree)
        let home = Home(reference.From)
        where !reference.To.StartsWith("shared/", StringComparison.Ordinal)
        where Home(reference.To) != home
        where !home.StartsWith("services/standalone", StringComparison.Ordinal)
        select $"{reference.From} references {reference.To}: services talk through topics and contracts";

    /// <summary>Contracts reference nothing but the stand-ins, and no package but protobuf's.</summary>
    public static IEnumerable<string> ContractsPointNowhere(Tree tree)
    {
        const string contracts = "shared/contracts/src/Contracts.csproj";
        var projects = from reference in References(tree)
                       where reference.From == contracts
                       where !reference.To.StartsWith("shared/stand-ins/", StringComparison.Ordinal)
                       select $"{contracts} references {reference.To}";
        var packages = from file in tree.Ending(contracts)
                       from package in XDocument.Parse(file.Text).Descendants("PackageReference")
                       let name = package.Attribute("Include")?.Value
                       where name is not ("Google.Protobuf" or "Grpc.Tools")
                       select $"{contracts} needs {name}";
        return projects.Concat(packages);
    }

    /// <summary>Every project is in the solution, and every project of the solution exists.</summary>
    public static IEnumerable<string> AreInTheSolution(Tree tree)
    {
        var listed = from file in tree.Ending("Tributary.slnx")
                     from project in XDocument.Parse(file.Text).Descendants("Project")
                     select project.Attribute("Path")!.Value;
        var listedPaths = listed.ToHashSet(StringComparer.Ordinal);
        var existing = tree.Ending(".csproj").Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        return existing.Except(listedPaths).Select(path => $"{path} is not in Tributary.slnx")
            .Concat(listedPaths.Except(existing).Select(path => $"Tributary.slnx names {path}, which does not exist"));
    }

    /// <summary>Package versions stand in Directory.Packages.props alone.</summary>
    public static IEnumerable<string> CarryNoVersion(Tree tree) =>
        from file in tree.Ending(".csproj")
        from package in XDocument.Parse(file.Text).Descendants("PackageReference")
        where package.Attribute("Version") is not null || package.Attribute("VersionOverride") is not null
        select $"{file.Path} gives {package.Attribute("Include")?.Value} a version of its own";

    private static IEnumerable<(string From, string To)> References(Tree tree) =>
        from file in tree.Ending(".csproj")
        from reference in XDocument.Parse(file.Text).Descendants("ProjectReference")
        let include = reference.Attribute("Include")!.Value
            .Replace("$(RepositoryRoot)", "/", StringComparison.Ordinal).Replace('\\', '/')
        select (file.Path, Path.GetFullPath(include, "/" + Path.GetDirectoryName(file.Path))[1..]);

    private static string Home(string path) => string.Join('/', path.Split('/').Take(2));
}
