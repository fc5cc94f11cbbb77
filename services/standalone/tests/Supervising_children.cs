using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Tributary.Standalone.Children;
using Tributary.Testing;

namespace Tributary.Standalone.Tests;

/// <summary>With real processes: shells, and Node where something must listen.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class Supervising_children
{
    private readonly KeptLog _log = new();

    [Test]
    public async Task A_child_that_is_killed_is_started_again()
    {
        await using var supervised = await StartAsync(Shell("exec sleep 600"));
        var first = await supervised.ProcessIdAsync(0);

        Process.GetProcessById(first).Kill();

        await Eventually.ThatAsync(
            () => supervised[0].State, Is.TypeOf<ChildState.Running>().With.Property("Restarts").EqualTo(1));
        Assert.That(await supervised.ProcessIdAsync(0), Is.Not.EqualTo(first));
    }

    [Test]
    public async Task A_child_that_keeps_ending_says_so_in_its_health_and_is_tried_again_and_again()
    {
        await using var supervised = await StartAsync(Shell("exit 7", pauseMax: TimeSpan.FromMilliseconds(20)));

        await Eventually.ThatAsync(
            () => Failures(supervised[0]), Is.GreaterThanOrEqualTo(5));

        var health = supervised[0].State.Health();
        await Eventually.ThatAsync(
            () => supervised[0].State.Health().Description, Does.StartWith("Ended with code 7"));
        Assert.That(health.Status, Is.EqualTo(HealthStatus.Unhealthy));
    }

    [Test]
    public async Task A_program_that_does_not_exist_is_tried_again_and_named_in_the_log()
    {
        await using var supervised = await StartAsync(
            new ChildOptions
            {
                Name = "missing",
                Program = "no-such-program",
                PauseFirst = TimeSpan.FromMilliseconds(9),
            });

        await Eventually.ThatAsync(
            () => Failures(supervised[0]), Is.GreaterThanOrEqualTo(2));

        await Eventually.ThatAsync(() => _log.Lines, Has.Some.Contains("no-such-program"));
    }

    [Test]
    public async Task What_a_child_says_is_logged_under_its_name()
    {
        await using var supervised = await StartAsync(Shell("echo to be read; echo gone wrong >&2; exec sleep 600"));

        await Eventually.ThatAsync(
            () => _log.Lines, Has.Some.EqualTo("shell: to be read").And.Some.EqualTo("shell: gone wrong"));
    }

    [Test]
    public async Task The_last_words_of_a_child_are_logged_before_its_end()
    {
        await using var supervised = await StartAsync(
            Shell("echo farewell; exit 3", pauseMax: TimeSpan.FromMinutes(1)));

        await Eventually.ThatAsync(() => _log.Lines, Has.Some.Contains("Ended with code 3"));

        Assert.That(_log.Lines, Has.Some.EqualTo("shell: farewell"));
    }

    [Test]
    public async Task A_child_is_well_when_its_port_takes_connections_and_not_before()
    {
        var port = FreePort.Next();
        using var gate = new TemporaryFolder("gate");
        var node = Node($"tcp://127.0.0.1:{port}", $$"""
            const opened = setInterval(() => {
              if (!require('fs').existsSync('{{gate.At("open")}}')) return;
              clearInterval(opened);
              require('net').createServer(socket => socket.end()).listen({{port}}, '127.0.0.1');
            }, 10);
            """);
        await using var supervised = await StartAsync(node);
        await supervised.ProcessIdAsync(0);

        Assert.That(supervised[0].State.Health().Status, Is.EqualTo(HealthStatus.Unhealthy));
        await File.WriteAllTextAsync(gate.At("open"), "");

        await Eventually.ThatAsync(() => supervised[0].State.Health().Status, Is.EqualTo(HealthStatus.Healthy));
    }

    [Test]
    public async Task A_child_that_answers_with_an_error_is_not_well_and_keeps_running()
    {
        var port = FreePort.Next();
        using var fault = new TemporaryFolder("fault");
        var node = Node($"http://127.0.0.1:{port}/ping", $$"""
            require('http').createServer((request, answer) => {
              answer.statusCode = require('fs').existsSync('{{fault.At("broken")}}') ? 500 : 200;
              answer.end();
            }).listen({{port}}, '127.0.0.1');
            """);
        await using var supervised = await StartAsync(node);
        await Eventually.ThatAsync(() => supervised[0].State.Health().Status, Is.EqualTo(HealthStatus.Healthy));
        var process = await supervised.ProcessIdAsync(0);

        await File.WriteAllTextAsync(fault.At("broken"), "");

        await Eventually.ThatAsync(
            () => supervised[0].State.Health().Description,
            Is.EqualTo($"Runs as process {process} and does not answer."));
    }

    [Test]
    public async Task Children_stop_in_the_reverse_order_of_their_start()
    {
        using var marks = new TemporaryFolder("order");
        var supervised = await StartAsync(Marking("first", marks), Marking("second", marks), Marking("third", marks));
        await Eventually.ThatAsync(
            () => _log.Lines.Count(line => line.EndsWith(": set", StringComparison.Ordinal)), Is.EqualTo(3));

        await supervised.DisposeAsync();

        Assert.That(
            await File.ReadAllLinesAsync(marks.At("stopped")), Is.EqualTo(new[] { "third", "second", "first" }));
    }

    [Test]
    public async Task A_child_that_ignores_the_request_to_stop_is_killed_after_the_bound()
    {
        var supervised = await StartAsync(
            Shell("trap '' TERM; echo set; while :; do sleep 0.05; done", stopMax: TimeSpan.FromMilliseconds(100)));
        await Eventually.ThatAsync(() => _log.Lines, Has.Some.EqualTo("shell: set"));
        var process = await supervised.ProcessIdAsync(0);

        await supervised.DisposeAsync();

        Assert.That(Exists(process), Is.False);
        Assert.That(_log.Lines, Has.Some.EqualTo("shell stopped with code 137"));
    }

    [Test]
    public async Task A_child_that_is_waiting_to_be_started_again_stops_at_once()
    {
        var supervised = await StartAsync(Shell("exit 1", pauseFirst: TimeSpan.FromMinutes(1)));
        await Eventually.ThatAsync(() => supervised[0].State, Is.TypeOf<ChildState.Waiting>());

        await supervised.DisposeAsync();

        Assert.That(supervised[0].State, Is.TypeOf<ChildState.Stopped>());
    }

    [Test]
    public async Task A_process_that_a_child_left_behind_does_not_hold_up_its_restart()
    {
        await using var supervised = await StartAsync(
            Shell("sleep 5 & exit 1", pauseMax: TimeSpan.FromMilliseconds(10)));

        await Eventually.ThatAsync(
            () => _log.Lines.Count(line => line.Contains("started as process", StringComparison.Ordinal)),
            Is.GreaterThanOrEqualTo(2), within: TimeSpan.FromSeconds(4));
    }

    private Task<Supervised> StartAsync(params ChildOptions[] children) => Supervised.StartAsync(_log, children);

    private static ChildOptions Shell(
        string script, TimeSpan? pauseFirst = null, TimeSpan? pauseMax = null, TimeSpan? stopMax = null) => new()
        {
            Name = "shell",
            Program = "sh",
            Arguments = ["-c", script],
            PauseFirst = pauseFirst ?? TimeSpan.FromMilliseconds(10),
            PauseMax = pauseMax ?? TimeSpan.FromMinutes(1),
            StopMax = stopMax ?? TimeSpan.FromSeconds(5),
        };

    private static ChildOptions Marking(string name, TemporaryFolder marks) => new()
    {
        Name = name,
        Program = "sh",
        Arguments =
        [
            "-c", $"trap 'echo {name} >>{marks.At("stopped")}; exit 0' TERM; echo set; while :; do sleep 0.05; done",
        ],
    };

    private static ChildOptions Node(string probe, string script) => new()
    {
        Name = "node",
        Program = "node",
        Arguments = ["-e", script],
        Probe = new(probe),
        ProbeInterval = TimeSpan.FromMilliseconds(50),
    };

    private static int Failures(Child child) => child.State is ChildState.Waiting waiting ? waiting.Failures : 0;

    internal static bool Exists(int process) =>
        File.Exists($"/proc/{process}/stat")
        && !File.ReadAllText($"/proc/{process}/stat").Split(") ")[^1].StartsWith('Z');

    /// <summary>Children under a supervisor of their own, which stops them at the end of the test.</summary>
    private sealed class Supervised(SuperviseChildren supervisor) : IAsyncDisposable
    {
        private bool _isStopped;

        public Child this[int index] => supervisor.Children[index];

        public static async Task<Supervised> StartAsync(KeptLog log, ChildOptions[] children)
        {
            var options = Microsoft.Extensions.Options.Options.Create(new ChildrenOptions { Processes = children });
            var supervisor = new SuperviseChildren(options, TimeProvider.System, log);
            await supervisor.StartAsync(CancellationToken.None);
            return new(supervisor);
        }

        public async Task<int> ProcessIdAsync(int index)
        {
            await Eventually.ThatAsync(() => this[index].State, Is.TypeOf<ChildState.Running>());
            return ((ChildState.Running)this[index].State).ProcessId;
        }

        public async ValueTask DisposeAsync()
        {
            if (_isStopped) return;
            _isStopped = true;
            await supervisor.StopAsync(CancellationToken.None);
            supervisor.Dispose();
        }
    }

    /// <summary>Keeps what was logged, for a test to read.</summary>
    private sealed class KeptLog : ILogger<Child>
    {
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Lines
        {
            get { lock (_lines) return [.. _lines]; }
        }

        public void Log<TState>(
            LogLevel level, EventId id, TState state, Exception? fault, Func<TState, Exception?, string> format)
        {
            lock (_lines) _lines.Add(format(state, fault));
        }

        public bool IsEnabled(LogLevel level) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;
    }
}
