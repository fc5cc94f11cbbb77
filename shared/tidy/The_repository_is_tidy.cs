using System.Xml.Linq;

namespace Tributary.Tidy.Tests;

/// <summary>House rules a compiler cannot check. A failure names the file and the rule.</summary>
public class The_repository_is_tidy
{
    private static readonly string Root = FindRoot();
    private static readonly string[] EmptyWords = ["Common", "Helper", "Manager", "Misc", "Util", "Utils"];

    [TestCaseSource(nameof(Projects))]
    public void A_service_depends_on_shared_projects_only(string project)
    {
        var folder = Path.GetDirectoryName(project)!;
        var home = string.Join('/', Path.GetRelativePath(Root, project).Split('/')[..2]);
        var foreign = from reference in XDocument.Load(project).Descendants("ProjectReference")
                      let target = Path.GetFullPath(reference.Attribute("Include")!.Value, folder)
                      let path = Path.GetRelativePath(Root, target)
                      where !path.StartsWith("shared/", StringComparison.Ordinal)
                      where !path.StartsWith($"{home}/", StringComparison.Ordinal)
                      select path;

        Assert.That(foreign, Is.Empty);
    }

    [Test]
    public void Contracts_depend_on_nothing()
    {
        var project = XDocument.Load(Path.Combine(Root, "shared/contracts/Contracts.csproj"));

        Assert.That(project.Descendants("ProjectReference").Concat(project.Descendants("PackageReference")), Is.Empty);
    }

    [TestCaseSource(nameof(Sources))]
    public void A_source_file_fits_the_house(string source)
    {
        var lines = File.ReadAllLines(source);

        Assert.Multiple(() =>
        {
            Assert.That(lines, Has.Length.LessThanOrEqualTo(400), "a file fits in one sitting");
            Assert.That(lines.Where(line => line.Length > 120), Is.Empty, "a line over 120 columns");
            Assert.That(EmptyWords.Where(Path.GetFileName(source).Contains), Is.Empty, "a name that says nothing");
        });
    }

    private static IEnumerable<string> Projects() => Find("*.csproj");
    private static IEnumerable<string> Sources() => Find("*.cs");

    private static IEnumerable<string> Find(string pattern) => new[] { "services", "shared" }
        .Select(folder => Path.Combine(Root, folder))
        .SelectMany(folder => Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories))
        .Where(path => !path.Contains("/obj/") && !path.Contains("/bin/"));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "global.json"))) folder = folder.Parent;
        return folder.FullName;
    }
}
