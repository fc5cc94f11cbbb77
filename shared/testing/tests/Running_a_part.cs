using System.Globalization;
using Tributary.Testing.Parts;

namespace Tributary.Testing.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class Running_a_part : IDisposable
{
    private readonly TemporaryFolder _folder = new("part");

    [Test]
    public async Task It_is_started_killed_and_started_again_under_one_name()
    {
        await using var part = Shell("echo started; echo > up; sleep 300", Exists("up"));

        await part.StartAsync(default);
        var first = part.ProcessId;
        await part.KillAsync();
        var between = part.State;
        await part.StartAsync(default);

        Assert.Multiple(() =>
        {
            Assert.That(between, Is.EqualTo(PartState.Down));
            Assert.That(part.State, Is.EqualTo(PartState.Running));
            Assert.That(part.ProcessId, Is.Not.Null.And.Not.EqualTo(first));
            Assert.That(part.Starts, Is.EqualTo(2));
        });
        await Eventually.ThatAsync(() => part.LogTail(), Is.EqualTo("started\nstarted"));
    }

    [Test]
    public async Task Its_children_are_killed_with_it()
    {
        await using var part = Shell("sleep 300 & echo $! > child; wait", Exists("child"));
        await part.StartAsync(default);
        var child = await ReadProcessIdAsync("child");
        Assert.That(Signals.IsAlive(child), Is.True);

        await part.KillAsync();

        Assert.That(Signals.IsAlive(child), Is.False);
    }

    [Test]
    public async Task It_stands_still_with_its_children_while_it_is_frozen()
    {
        await using var part = Shell("sleep 300 & echo $! > child; wait", Exists("child"));
        await part.StartAsync(default);
        var child = await ReadProcessIdAsync("child");

        await part.FreezeAsync();
        Assert.That((part.State, part.IsStopped()), Is.EqualTo((PartState.Frozen, true)));
        await Eventually.ThatAsync(() => Signals.IsStopped(child), Is.True);

        part.Thaw();
        await Eventually.ThatAsync(() => part.IsStopped() || Signals.IsStopped(child), Is.False);
        Assert.That(part.State, Is.EqualTo(PartState.Running));
    }

    [Test]
    public async Task A_frozen_part_can_be_killed()
    {
        await using var part = Shell("sleep 300");
        await part.StartAsync(default);

        await part.FreezeAsync();
        await part.KillAsync();

        Assert.That(part.State, Is.EqualTo(PartState.Down));
    }

    [Test]
    public async Task One_that_ends_by_itself_is_seen_as_dead_with_its_code()
    {
        await using var part = Shell("read -r go < gate; exit 3");
        await Commands.RequireAsync(["mkfifo", _folder.At("gate")], default);
        await part.StartAsync(default);

        await File.WriteAllTextAsync(_folder.At("gate"), "go\n");

        await Eventually.ThatAsync(() => part.State, Is.EqualTo(PartState.Died));
        Assert.That(part.ExitCode, Is.EqualTo(3));
    }

    [TestCase("echo no such option >&2; exit 2", "ended with code 2", TestName = "A start that ends is told")]
    [TestCase("echo no such option >&2; sleep 300", "not ready within", TestName = "A start that hangs is told")]
    public void A_start_that_fails_ends_with_the_log(string script, string told) => Assert.That(
        async () =>
        {
            await using var part = Shell(script, _ => Task.FromResult(false));
            await part.StartAsync(default);
        },
        Throws.InvalidOperationException.With.Message.Contains(told).And.Message.Contains("no such option"));

    [Test]
    public async Task A_stop_lets_it_end_in_order_and_kills_it_where_it_does_not()
    {
        const string Wait = "while :; do sleep 0.05; done";
        await using var orderly = Shell($"trap 'echo bye; exit 0' TERM; echo > armed; {Wait}", Exists("armed"));
        await using var deaf = Shell($"trap '' TERM; echo > deaf; {Wait}", Exists("deaf"));
        await orderly.StartAsync(default);
        await deaf.StartAsync(default);

        Assert.Multiple(async () =>
        {
            Assert.That(await orderly.StopAsync(TimeSpan.FromSeconds(5)), Is.True);
            Assert.That(orderly.LogTail(), Does.Contain("bye"));
            Assert.That(await deaf.StopAsync(TimeSpan.FromMilliseconds(300)), Is.False);
            Assert.That(deaf.State, Is.EqualTo(PartState.Down));
        });
    }

    [Test]
    public async Task It_does_not_outlive_a_rig_that_is_killed()
    {
        await using var rig = new Part(new()
        {
            Name = "rig",
            CommandLine = [ToolPath.Require("dotnet"), "exec", typeof(Running_a_part).Assembly.Location,
                _folder.At("left.log"), _folder.At("left")],
            LogFile = _folder.At("rig.log"),
            IsReady = Exists("left"),
        });
        await rig.StartAsync(default);
        var left = await ReadProcessIdAsync("left");
        Assert.That(Signals.IsAlive(left), Is.True);

        Signals.Send(rig.ProcessId!.Value, Signals.Kill); // Only the rig itself, as an aborted test run would be.

        // A machine whose disk is busy may take its time to end a process.
        await Eventually.ThatAsync(() => Signals.IsAlive(left), Is.False, TimeSpan.FromSeconds(60));
    }

    public void Dispose() => _folder.Dispose();

    private Part Shell(string script, Func<CancellationToken, Task<bool>>? isReady = null) => new(new()
    {
        Name = "shell",
        CommandLine = ["/bin/sh", "-c", $"cd {_folder.FullName}; {script}"],
        LogFile = _folder.At("log"),
        IsReady = isReady ?? (_ => Task.FromResult(true)),
        ReadyWithin = TimeSpan.FromSeconds(2),
    });

    private Func<CancellationToken, Task<bool>> Exists(string name) =>
        _ => Task.FromResult(new FileInfo(_folder.At(name)) is { Exists: true, Length: > 0 });

    private async Task<int> ReadProcessIdAsync(string name) =>
        int.Parse(await File.ReadAllTextAsync(_folder.At(name)), CultureInfo.InvariantCulture);
}
