namespace Tributary.Tidy.Tests;

/// <summary>Each rule is shown a small tree that breaks it, and one that does not.</summary>
public class Breaking_a_rule
{
    private const string Long = "// a line that goes on and on and on and on and on and on and on and on and on and on"
        + " and on and on and on and on and on and on and on and on\n";

    [TestCase("services depend on shared projects only", "services/utm/src/Utm.csproj",
        "<Project><ProjectReference Include=\"../../bandit/src/Bandit.csproj\" /></Project>")]
    [TestCase("contracts depend on nothing", "shared/contracts/src/Contracts.csproj",
        "<Project><PackageReference Include=\"Npgsql\" /></Project>")]
    [TestCase("contracts depend on nothing", "shared/contracts/src/Contracts.csproj",
        "<Project><ProjectReference Include=\"../../hosting/src/Hosting.csproj\" /></Project>")]
    [TestCase("every project is in the solution", "shared/new/src/New.csproj", "<Project />")]
    [TestCase("package versions stand in one place", "shared/new/src/New.csproj",
        "<Project><PackageReference Include=\"Npgsql\" Version=\"1.0.0\" /></Project>")]
    [TestCase("lines are at most 120 columns", "shared/new/src/New.cs", Long)]
    [TestCase("names say something", "shared/new/src/LinkManager.cs", "")]
    [TestCase("names say something", "shared/new/src/New.cs", "internal sealed class UserInfo;")]
    [TestCase("names say something", "shared/Utils/src/New.cs", "")]
    [TestCase("topics are named in one place", "services/utm/src/Read.cs", "var topic = \"events.v1\";")]
    [TestCase("topics are named in one place", "services/utm/src/Read.cs", "var topic = \"dead.utm\";")]
    [TestCase("migrations lead forward", "services/utm/migrations/0002_link.sql", "")]
    [TestCase("migrations lead forward", "services/utm/migrations/0001_link_down.sql", "")]
    [TestCase("migrations lead forward", "services/utm/migrations/link.sql", "")]
    [TestCase("a suppressed warning has its reason", "shared/new/src/New.cs", "#pragma warning disable CA1000\n")]
    [TestCase("a suppressed warning has its reason", "deploy/go.sh", "# shellcheck disable=SC1000\n")]
    [TestCase("no machine and no registry is named", "README.md", "cd /home/me/tributary")]
    [TestCase("no machine and no registry is named", "a.json", "\"https://registry.npmjs.org/x\"")]
    [TestCase("nothing is left to do", "shared/new/src/New.cs", "// TODO: more")]
    [TestCase("no ticket is named", "shared/new/src/New.cs", "// as in issue #12")]
    [TestCase("units of work commit themselves", "services/utm/src/Utm.cs", "work.Transaction.CommitAsync(token);")]
    [TestCase("nothing sleeps by the clock", "shared/new/tests/New.cs", "Thread.Sleep(100);")]
    [TestCase("every service is in compose", "services/utm/src/Utm.csproj", "<Project />")]
    [TestCase("every service is in kubernetes", "services/utm/src/Utm.csproj", "<Project />")]
    [TestCase("every service is in the README", "services/utm/src/Utm.csproj", "<Project />")]
    [TestCase("every service is in the README", "README.md", "| [gone](services/gone/README.md) | … |")]
    [TestCase("no password is written down", "docker-compose.yml", "  POSTGRES_PASSWORD: tributary")]
    [TestCase("no password is written down", "deploy/go.sh", "export ENCRYPTION_KEY=abc123")]
    [TestCase("no password is written down", "services/utm/src/appsettings.json", "{ \"Password\": \"hunter2\" }")]
    [TestCase("no password is an argument", "deploy/go.sh", "psql -v password=\"$password\" -c 'select 1'")]
    [TestCase("no password is an argument", "docker-compose.yml", "[redis-server, --requirepass, \"${SECRET:?}\"]")]
    [TestCase("every image has its version", "docker-compose.yml", "    image: postgres\n")]
    [TestCase("every image has its version", "deploy/a.Dockerfile", "FROM debian:latest\n")]
    [TestCase("compose publishes on loopback", "docker-compose.yml", "    ports:\n      - \"5432:5432\"\n")]
    [TestCase("compose publishes on loopback", "docker-compose.yml", "    ports: [\"5432:5432\"]\n")]
    [TestCase("compose publishes on loopback", "docker-compose.yml",
        "    ports: [\"127.0.0.1:1:1\", \"0.0.0.0:2:2\"]\n")]
    [TestCase("alerts ask for metrics that exist", "deploy/alerts/a.yaml", "expr: tributary_nothing_total > 0")]
    [TestCase("alerts ask for metrics that exist", "deploy/dashboards/a.json", "{ \"expr\": \"tributary_nothing\" }")]
    [TestCase("policies choose their pods", "k8s/base/utm/reach.yaml",
        "kind: NetworkPolicy\nspec:\n  podSelector: {}\n")]
    [TestCase("every service has its README", "services/utm/README.md", "# utm\n\n## Topics\n\n## Tables\n")]
    [TestCase("every service has its README", "services/utm/src/Utm.csproj", "<Project />")]
    [TestCase("every part has its README", "shared/new/src/New.csproj", "<Project />")]
    [TestCase("links lead somewhere", "README.md", "[gone](shared/gone)")]
    [TestCase("every endpoint says who may call it", "services/utm/src/Utm.cs", "app.MapGet(\"/x\", () => 1);")]
    [TestCase("every endpoint says who may call it", "services/utm/src/Utm.cs",
        "class Utm { void MapX(this IEndpointRouteBuilder routes) => routes.MapGet(\"/x\", () => 1); }")]
    public void Is_caught(string rule, string path, string text) =>
        Assert.That(HouseRules.ByName[rule](TreeOf((path, text))), Is.Not.Empty);

    [TestCase("files are at most 400 lines", 401)]
    [TestCase("a Program is a contents page", 61)]
    public void Is_caught_when_a_file_grows_too_long(string rule, int lines) =>
        Assert.That(HouseRules.ByName[rule](TreeOf(("services/utm/src/Program.cs", Lines(lines)))), Has.One.Items);

    [Test]
    public void Is_caught_when_a_method_grows_too_long() =>
        Assert.That(HouseRules.ByName["methods are at most 60 lines"](
            TreeOf(("shared/new/src/New.cs", $"class New {{ void Do()\n{{\n{Lines(60)}}} }}"))), Has.One.Items);

    [TestCase("class New(int a, int b, int c, int d, int e, int f);")]
    [TestCase("class New { New(int a, int b, int c, int d, int e, int f) { } }")]
    public void Is_caught_when_a_constructor_takes_too_much(string code) =>
        Assert.That(HouseRules.ByName["constructors take at most 5 arguments"](
            TreeOf(("shared/new/src/New.cs", code))), Has.One.Items);

    [TestCase("services depend on shared projects only", "services/standalone/src/Standalone.csproj",
        "<Project><ProjectReference Include=\"../../bandit/src/Bandit.csproj\" /></Project>")]
    [TestCase("services depend on shared projects only", "services/utm/tests/Utm.Tests.csproj",
        "<Project><ProjectReference Include=\"$(RepositoryRoot)shared/testing/src/Testing.csproj\" />"
        + "<ProjectReference Include=\"../src/Utm.csproj\" /></Project>")]
    [TestCase("topics are named in one place", "services/utm/tests/Reading.cs", "var topic = \"events.v1\";")]
    [TestCase("a suppressed warning has its reason", "a.cs", "#pragma warning disable CA1000 // Kafka's name.\n")]
    [TestCase("no password is written down", "docker-compose.yml", "  POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?}")]
    [TestCase("no password is written down", "k8s/base/a.yaml", "        secretKeyRef: { name: tributary }")]
    [TestCase("every image has its version", "deploy/a.Dockerfile", "FROM debian:12 AS build\nFROM build\n")]
    [TestCase("compose publishes on loopback", "docker-compose.yml", "    ports:\n      - \"127.0.0.1:5432:5432\"\n")]
    [TestCase("compose publishes on loopback", "docker-compose.yml", "    ports: [\"127.0.0.1:5432:5432\"]\n")]
    [TestCase("constructors take at most 5 arguments", "a.cs", "record R(int a, int b, int c, int d, int e, int f);")]
    [TestCase("every endpoint says who may call it", "services/utm/src/Utm.cs",
        "app.MapGet(\"/x\", () => 1).AllowAnonymous();")]
    [TestCase("alerts ask for metrics that exist", "deploy/alerts/a.yaml", "rule_files: [tributary_test.yaml]")]
    [TestCase("policies choose their pods", "k8s/base/utm/reach.yaml",
        "kind: NetworkPolicy\nspec:\n  podSelector: { matchLabels: { app.kubernetes.io/name: utm } }\n")]
    [TestCase("names say something", "shared/new/src/Database.cs", "internal sealed class Database;")]
    public void Is_not_seen_where_none_is_broken(string rule, string path, string text) =>
        Assert.That(HouseRules.ByName[rule](TreeOf((path, text))), Is.Empty);

    [Test]
    public void Is_tried_for_every_rule()
    {
        var tried = GetType().GetMethods()
            .SelectMany(method => method.GetCustomAttributes(typeof(TestCaseAttribute), inherit: false))
            .Select(attribute => ((TestCaseAttribute)attribute).Arguments[0] as string)
            .Concat(["methods are at most 60 lines"]);

        Assert.That(HouseRules.Names().Except(tried), Is.Empty);
    }

    private static string Lines(int count) => string.Concat(Enumerable.Repeat("// more\n", count));

    private static Tree TreeOf((string Path, string Text) file) =>
        new(new Dictionary<string, string> { [file.Path] = file.Text });
}
