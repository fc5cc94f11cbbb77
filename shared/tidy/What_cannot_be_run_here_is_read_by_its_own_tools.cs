namespace Tributary.Tidy.Tests;

public class What_cannot_be_run_here_is_read_by_its_own_tools
{
    [Test]
    public async Task Every_script_passes_shellcheck()
    {
        var scripts = Tree.OfRepository().Scripts().Select(file => file.Path);

        var (code, output) = await Tool.RunAsync(Tool.FromPath("shellcheck"), ["--external-sources", .. scripts]);

        Assert.That(code, Is.Zero, output);
    }

    [Test]
    public async Task Compose_reads_the_compose_file_with_every_profile()
    {
        var settings = Path.Combine(TestContext.CurrentContext.WorkDirectory, "compose.env");
        var names = (await File.ReadAllLinesAsync(Path.Combine(Tree.Root, ".env.example")))
            .Where(line => line.EndsWith('='));
        await File.WriteAllLinesAsync(settings, names.Select(name => name + "made-for-this-test"));

        var (code, output) = await Tool.RunAsync(Tool.FromPath("docker-compose"),
            "--env-file", settings, "--profile", "services", "--profile", "standalone", "config");

        Assert.That(code, Is.Zero, output);
        foreach (var service in Tree.OfRepository().Services()) Assert.That(output, Does.Contain($"\n  {service}:\n"));
    }

    [Test]
    public async Task Compose_refuses_to_start_without_passwords()
    {
        var empty = Path.Combine(TestContext.CurrentContext.WorkDirectory, "empty.env");
        await File.WriteAllTextAsync(empty, "");

        var (code, output) = await Tool.RunAsync(Tool.FromPath("docker-compose"), "--env-file", empty, "config");

        Assert.That(code, Is.Not.Zero);
        Assert.That(output, Does.Contain("POSTGRES_PASSWORD"));
    }

    [TestCaseSource(nameof(Overlays))]
    public async Task Kubernetes_would_accept_each_overlay(string overlay)
    {
        var kustomize = Tool.FromFolder("kustomize");
        var check = Tool.FromFolder("check-manifests");
        var manifests = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{overlay}.yaml");

        var (built, text) = await Tool.RunAsync(kustomize, "build", $"k8s/overlays/{overlay}");
        Assert.That(built, Is.Zero, text);
        await File.WriteAllTextAsync(manifests, text);
        if (text.Contains("kind: ServiceMonitor", StringComparison.Ordinal)) return; // Not of Kubernetes' own schema.
        var (code, output) = await Tool.RunAsync(check, manifests);

        Assert.That(code, Is.Zero, output);
    }

    [Test]
    public async Task Prometheus_reads_every_alert_and_tries_them()
    {
        var promtool = Tool.FromPath("promtool");
        var alerts = Tree.OfRepository().Ending(".yaml").Select(file => file.Path)
            .Where(path => path.StartsWith("deploy/alerts/", StringComparison.Ordinal)).ToLookup(
                path => path.EndsWith("_test.yaml", StringComparison.Ordinal));

        var (read, rules) = await Tool.RunAsync(promtool, ["check", "rules", .. alerts[false]]);
        var (tried, tests) = await Tool.RunAsync(promtool, ["test", "rules", .. alerts[true]]);

        Assert.That(read, Is.Zero, rules);
        Assert.That(tried, Is.Zero, tests);
    }

    private static IEnumerable<string> Overlays() => Tree.OfRepository().Ending("kustomization.yaml")
        .Where(file => file.Path.StartsWith("k8s/overlays/", StringComparison.Ordinal))
        .Select(file => file.Path.Split('/')[2]);
}
