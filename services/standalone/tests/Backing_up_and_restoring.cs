using System.Runtime.Versioning;
using Tributary.Testing;

namespace Tributary.Standalone.Tests;

/// <summary>A backup of a machine that runs, and what becomes of it.</summary>
[Category("Integration")]
[SupportedOSPlatform("linux")]
public sealed class Backing_up_and_restoring : IAsyncDisposable
{
    private const string Deduplicating =
        "engine = MergeTree order by id settings non_replicated_deduplication_window = 100";

    private readonly Installation _here = new();
    private readonly TemporaryFolder _folder = new("backup");

    private string Backup => _folder.At("made");

    [OneTimeSetUp]
    public async Task Make_a_backup()
    {
        foreach (var tool in new[] { "redis-server", "psql", "curl", "kcat" }) RealService.Tool(tool);
        await MustAsync("up");
        await _here.AskDatabaseAsync("create table kept as select generate_series(1, 1000) as id");
        await _here.AskClickHouseAsync($"create table kept (id UInt64) {Deduplicating}");
        await _here.AskClickHouseAsync($"create table seen (id UInt64) {Deduplicating}");
        await _here.AskClickHouseAsync("create materialized view seeing to seen as select id from kept");
        await InsertAsync();
        await Installation.ShellAsync($"seq 1000 | kcat -P -b 127.0.0.1:{_here.PortBase + 4} -t kept.v1");
        await _here.AskRedisAsync("set made of-what-is-gone");

        await MustAsync($"backup {Backup}");
    }

    [Test, Order(1)]
    public async Task What_ran_runs_again_afterwards_as_it_was() =>
        Assert.That((await _here.RunAsync("status")).Code, Is.Zero);

    [Test, Order(2)]
    public async Task It_is_for_its_owner_alone_and_never_written_over()
    {
        var again = await _here.RunAsync($"backup {Backup}");

        Assert.That(
            File.GetUnixFileMode(Backup),
            Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
        Assert.That(again.Error, Does.Contain("is there already"));
    }

    [Test, Order(3)]
    public async Task Restoring_over_data_that_run_or_are_there_is_refused_with_the_way_to_do_it()
    {
        var running = await _here.RunAsync($"restore {Backup}");
        await MustAsync("down");
        var there = await _here.RunAsync($"restore {Backup}");

        Assert.That((running.Code, there.Code), Is.EqualTo((1, 1)));
        Assert.That(running.Error, Does.Contain("./tributary down first"));
        Assert.That(there.Error, Does.Contain("postgres").And.Contain("clickhouse").And.Contain("--replace"));
    }

    [Test, Order(4)]
    public async Task A_damaged_backup_is_refused_before_anything_changes()
    {
        var damaged = _folder.At("damaged");
        await Installation.ShellAsync($"cp -a {Backup} {damaged} && echo >>{damaged}/postgres.dump");

        var restore = await _here.RunAsync($"restore {damaged} --replace");

        Assert.That(restore.Code, Is.EqualTo(1));
        Assert.That(restore.Error, Does.Contain("postgres.dump").And.Contain("nothing was changed"));
    }

    [Test, Order(5)]
    public async Task Destroyed_data_come_back_and_a_block_repeated_afterwards_counts_once()
    {
        await MustAsync("up");
        await _here.AskDatabaseAsync("drop table kept");
        await _here.AskClickHouseAsync("drop table kept sync");
        await MustAsync("down");

        await MustAsync($"restore {Backup} --replace");
        await MustAsync("up");

        await InsertAsync();
        await AssertAllIsThereAsync(_here);
        Assert.That(await _here.AskRedisAsync("exists made"), Is.EqualTo("0"), "made of what is gone");
    }

    [Test, Order(6)]
    public async Task Another_machine_goes_on_from_it()
    {
        await using var other = new Installation();

        var restore = await other.RunAsync($"restore {Backup}");
        Assert.That(restore.Code, Is.Zero, restore.Output + restore.Error);
        var up = await other.RunAsync("up");

        Assert.That(up.Code, Is.Zero, up.Output + up.Error);
        await AssertAllIsThereAsync(other);
    }

    [Test, Order(7)]
    public async Task A_restore_that_was_broken_off_at_its_last_step_is_finished_by_the_same_command()
    {
        await MustAsync("down");
        await File.WriteAllTextAsync(Path.Combine(_here.Data, "restoring"), Backup);
        Directory.Delete(Path.Combine(_here.Data, "kafka"), recursive: true);

        var up = await _here.RunAsync("up");
        await MustAsync($"restore {Backup} --replace");
        await MustAsync("up");

        Assert.That(up.Error, Does.Contain("was broken off").And.Contain($"restore {Backup} --replace"));
        await AssertAllIsThereAsync(_here);
    }

    public async ValueTask DisposeAsync()
    {
        await _here.DisposeAsync();
        _folder.Dispose();
    }

    private Task<string> InsertAsync() => _here.AskClickHouseAsync(
        "insert into kept settings insert_deduplication_token = 'one' select number from numbers(1000)");

    private static async Task AssertAllIsThereAsync(Installation installation)
    {
        var topic = await Installation.ShellAsync(
            $"kcat -C -e -q -b 127.0.0.1:{installation.PortBase + 4} -t kept.v1 | wc -l");

        Assert.That(await installation.AskDatabaseAsync("select count(*) from kept"), Is.EqualTo("1000"));
        Assert.That(await installation.AskClickHouseAsync("select count() from kept"), Is.EqualTo("1000"));
        Assert.That(await installation.AskClickHouseAsync("select count() from seen"), Is.EqualTo("1000"));
        Assert.That(topic.Output.Trim(), Is.EqualTo("1000"));
    }

    private async Task MustAsync(string command)
    {
        var outcome = await _here.RunAsync(command);
        Assert.That(outcome.Code, Is.Zero, outcome.Output + outcome.Error);
    }
}
