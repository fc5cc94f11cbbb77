using System.Net;
using Tributary.Standalone.Children;
using Tributary.Testing;
using Tributary.Testing.Parts;

namespace Tributary.Standalone.Tests;

/// <summary>The program itself, as a process.</summary>
[Category("Integration")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class Running_in_one_process : IDisposable
{
    private readonly TemporaryFolder _folder = new("standalone");
    private readonly HttpClient _http = new();
    private readonly int _operations = FreePort.Next();
    private readonly int _child = FreePort.Next();

    [Test]
    public async Task It_is_ready_when_its_children_are_and_names_each_of_them()
    {
        await using var standalone = Standalone(Listening());

        await standalone.StartAsync(CancellationToken.None);

        using var answer = await _http.GetAsync(Health);
        var report = await answer.Content.ReadAsStringAsync();
        Assert.That(report, Does.Contain("\"name\":\"listener\"").And.Contain("Runs as process"));
    }

    [Test]
    public async Task A_child_that_does_not_answer_makes_it_unready()
    {
        await using var standalone = Standalone("setInterval(() => {}, 1000)");
        await standalone.LaunchAsync();

        await Eventually.ThatAsync(StatusAsync, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
    }

    [Test]
    public async Task Killed_it_leaves_no_child_behind_so_that_their_ports_are_free_for_the_next_start()
    {
        await using var standalone = Standalone(Listening());
        await standalone.StartAsync(CancellationToken.None);
        var child = ChildOf(standalone.ProcessId!.Value);

        // Only this process: a part would take its children with it.
        System.Diagnostics.Process.GetProcessById(standalone.ProcessId!.Value).Kill();

        await Eventually.ThatAsync(() => Supervising_children.Exists(child), Is.False);
        await Eventually.ThatAsync(() => standalone.State, Is.EqualTo(PartState.Died));
        await standalone.StartAsync(CancellationToken.None);
        Assert.That(await StatusAsync(), Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Told_to_stop_it_stops_its_children()
    {
        await using var standalone = Standalone(Listening());
        await standalone.StartAsync(CancellationToken.None);
        var child = ChildOf(standalone.ProcessId!.Value);

        await standalone.StopAsync(grace: TimeSpan.FromSeconds(10));

        Assert.That(Supervising_children.Exists(child), Is.False);
        Assert.That(await File.ReadAllTextAsync(standalone.LogFile), Does.Contain("listener stopped with code"));
    }

    [Test]
    public async Task A_child_without_a_program_stops_it_at_the_start_and_names_the_key()
    {
        await using var standalone = Standalone("", ("Children__Processes__0__Program", ""));

        Assert.ThrowsAsync<InvalidOperationException>(() => standalone.StartAsync(CancellationToken.None));

        Assert.That(
            await File.ReadAllTextAsync(standalone.LogFile), Does.Contain("Children__Processes__0__Program"));
    }

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    private Uri Health => new($"http://127.0.0.1:{_operations}/health/ready");

    private string Listening() => $"require('net').createServer(s => s.end()).listen({_child}, '127.0.0.1')";

    private static int ChildOf(int process) => int.Parse(
        string.Concat(Directory.GetDirectories($"/proc/{process}/task")
            .Select(task => File.ReadAllText($"{task}/children")))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).Single());

    private Part Standalone(string script, params (string Key, string Value)[] changes)
    {
        Dictionary<string, string> environment = new()
        {
            ["Listen__Http"] = $"127.0.0.1:{FreePort.Next()}",
            ["Listen__Grpc"] = $"127.0.0.1:{FreePort.Next()}",
            ["Listen__Operations"] = $"127.0.0.1:{_operations}",
            ["Kafka__Brokers"] = RealService.Kafka,
            ["Kafka__TopicPrefix"] = "one-process.",
            ["Database__Url"] = RealService.Postgres,
            ["SERVICE_KEY"] = "one-process-one-process-one-process",
            ["Ingestion__Receive"] = "false",
            ["Ingestion__Deduplicate"] = "false",
            ["Ingestion__Store"] = "false",
            ["Children__Processes__0__Name"] = "listener",
            ["Children__Processes__0__Program"] = "node",
            ["Children__Processes__0__Arguments__0"] = "-e",
            ["Children__Processes__0__Arguments__1"] = script,
            ["Children__Processes__0__Probe"] = $"tcp://127.0.0.1:{_child}",
            ["Children__Processes__0__ProbeInterval"] = "00:00:00.1",
        };
        foreach (var (key, value) in changes) environment[key] = value;
        return new(DotNetProgram.Command(
            "standalone", typeof(Child).Assembly, _folder, environment,
            async _ => await StatusAsync() == HttpStatusCode.OK));
    }

    /// <summary>What the child's own line says, whatever the services' say.</summary>
    private async Task<HttpStatusCode?> StatusAsync()
    {
        try
        {
            using var answer = await _http.GetAsync(Health);
            var report = await answer.Content.ReadAsStringAsync();
            return report.Contains("\"name\":\"listener\",\"status\":\"healthy\"", StringComparison.Ordinal)
                ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
