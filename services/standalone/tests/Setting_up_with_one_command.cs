using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Tributary.Testing;

namespace Tributary.Standalone.Tests;

/// <summary>One installation, which each test finds running and well.</summary>
[Category("Integration")]
[SupportedOSPlatform("linux")]
public sealed class Setting_up_with_one_command : IAsyncDisposable
{
    private static readonly string[] Parts = ["standalone", "postgres", "redis"];
    private readonly Installation _here = new();

    [OneTimeSetUp]
    public static void NeedsServers()
    {
        foreach (var tool in new[] { "redis-server", "psql", "curl" }) RealService.Tool(tool);
    }

    [SetUp]
    public async Task Up()
    {
        var up = await _here.RunAsync("up");

        Assert.That(up.Code, Is.Zero, up.Output + up.Error);
    }

    [Test]
    public async Task A_second_up_starts_nothing_anew()
    {
        var before = Parts.Select(_here.ProcessId).ToArray();

        var up = await _here.RunAsync("up");

        Assert.That(up.Code, Is.Zero, up.Error);
        Assert.That(Parts.Select(_here.ProcessId), Is.EqualTo(before));
    }

    [Test]
    public async Task Killed_all_at_once_everything_comes_back_with_its_data()
    {
        await _here.AskDatabaseAsync(
            "drop table if exists kept; create table kept as select generate_series(1, 1000) as id");
        await _here.AskRedisAsync("set kept 1000");

        await Installation.ShellAsync($"kill -9 {string.Join(' ', Parts.Select(_here.ProcessId))}");
        var up = await _here.RunAsync("up");

        Assert.That(up.Code, Is.Zero, up.Output + up.Error);
        Assert.That(await _here.AskDatabaseAsync("select count(*) from kept"), Is.EqualTo("1000"));
        Assert.That(await _here.AskRedisAsync("get kept"), Is.EqualTo("1000"));
    }

    [Test]
    public async Task Down_stops_every_part_and_keeps_the_data()
    {
        await _here.AskDatabaseAsync("drop table if exists kept; create table kept as select 7 as id");
        var processes = Parts.Select(_here.ProcessId).ToArray();

        var down = await _here.RunAsync("down");

        Assert.That(down.Code, Is.Zero, down.Error);
        Assert.That(processes.Where(Supervising_children.Exists), Is.Empty);
        await Up();
        Assert.That(await _here.AskDatabaseAsync("select id from kept"), Is.EqualTo("7"));
    }

    [Test]
    public async Task Status_says_by_its_code_whether_all_some_or_nothing_is_well()
    {
        var all = await _here.RunAsync("status");
        await Installation.ShellAsync($"kill -9 {_here.ProcessId("redis")}");
        var some = await _here.RunAsync("status");
        await _here.RunAsync("down");
        var nothing = await _here.RunAsync("status");

        Assert.That((all.Code, some.Code, nothing.Code), Is.EqualTo((0, 1, 3)), all.Output + some.Output);
        Assert.That(some.Output, Does.Match("redis +stopped"));
    }

    [Test]
    public async Task Passwords_are_generated_and_readable_by_the_owner_alone()
    {
        var secrets = Path.Combine(_here.Data, "secrets");
        var wrong = await Installation.ShellAsync(
            $"PGPASSWORD=tributary psql -h 127.0.0.1 -p {_here.PortBase + 6} -U tributary tributary -c 'select 1'");

        Assert.That(File.GetUnixFileMode(secrets), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(wrong.Error, Does.Contain("password authentication failed"));
        Assert.That(
            (await Installation.ShellAsync($"redis-cli -p {_here.PortBase + 7} ping")).Output, Does.Contain("NOAUTH"));
    }

    [Test]
    public async Task Lost_passwords_are_made_anew_and_the_data_are_still_there()
    {
        await _here.AskDatabaseAsync("drop table if exists kept; create table kept as select 5 as id");
        await _here.RunAsync("down");
        File.Delete(Path.Combine(_here.Data, "secrets"));

        await Up();

        Assert.That(await _here.AskDatabaseAsync("select id from kept"), Is.EqualTo("5"));
    }

    [Test]
    public async Task The_services_role_can_not_bypass_row_level_security() => Assert.That(
        await _here.AskDatabaseAsync("select rolsuper or rolbypassrls from pg_roles where rolname = current_user"),
        Is.EqualTo("f"));

    [Test]
    public async Task A_pid_that_belongs_to_another_process_now_is_neither_believed_nor_stopped()
    {
        using var stranger = Installation.Start("exec sleep 600");
        await _here.RunAsync("down");
        await File.WriteAllTextAsync(Path.Combine(_here.Data, "run", "redis.pid"), $"{stranger.Id} 1\n");

        await Up();
        await _here.RunAsync("down");

        Assert.That(stranger.HasExited, Is.False);
        stranger.Kill();
    }

    [Test]
    public async Task A_data_folder_that_was_only_half_made_is_made_whole()
    {
        await using var half = new Installation();
        var part = Directory.CreateDirectory(Path.Combine(half.Data, "postgres", "cluster.part"));
        await File.WriteAllTextAsync(Path.Combine(part.FullName, "PG_VERSION"), "");

        var up = await half.RunAsync("up");

        Assert.That(up.Code, Is.Zero, up.Output + up.Error);
        Assert.That(await half.AskDatabaseAsync("select 1"), Is.EqualTo("1"));
    }

    [Test]
    public async Task Several_run_side_by_side_and_stop_alone()
    {
        await using var other = new Installation();
        using var http = new HttpClient();

        var up = await other.RunAsync("up");
        Assert.That(up.Code, Is.Zero, up.Output + up.Error);
        Assert.That(await http.GetStringAsync(other.Ready), Does.Contain("healthy"));
        await other.RunAsync("down");

        Assert.That(await http.GetStringAsync(_here.Ready), Does.Contain("healthy"));
    }

    [TestCase(0, "Tributary")]
    [TestCase(4, "Kafka")]
    [TestCase(5, "ClickHouse")]
    [TestCase(6, "PostgreSQL")]
    [TestCase(7, "Redis")]
    public async Task A_port_that_is_taken_is_named_with_its_owner(int offset, string part)
    {
        await using var late = new Installation();
        using var squatter = new TcpListener(IPAddress.Loopback, late.PortBase + offset);
        squatter.Start();

        var up = await late.RunAsync("up");

        Assert.That(up.Code, Is.EqualTo(1));
        Assert.That(
            up.Error, Does.StartWith($"tributary: Port {late.PortBase + offset}, meant for {part}, is taken ("));
        Assert.That(up.Error, Does.Contain($"process {Environment.ProcessId}").And.Contain("--port-base"));
        Assert.That((await late.RunAsync("status")).Code, Is.EqualTo(3), "something was left running");
    }

    [Test]
    public async Task Up_says_where_everything_answers_and_where_the_passwords_are()
    {
        var up = await _here.RunAsync("up");

        foreach (var offset in new[] { 0, 2, 3, 4, 5, 6, 7 })
            Assert.That(up.Output, Does.Contain($"127.0.0.1:{_here.PortBase + offset}"));
        Assert.That(up.Output, Does.Contain("database tributary").And.Contain(Path.Combine(_here.Data, "secrets")));
    }

    [Test]
    public async Task A_frozen_PostgreSQL_is_named_with_what_lets_it_go_on()
    {
        var postgres = _here.ProcessId("postgres");
        await Installation.ShellAsync($"kill -STOP {postgres}");

        var up = await _here.RunAsync("up");
        await Installation.ShellAsync($"kill -CONT {postgres}");

        Assert.That(up.Code, Is.EqualTo(1));
        Assert.That(up.Error, Does.Contain($"kill -CONT {postgres}"));
    }

    [Test]
    public async Task A_frozen_Kafka_is_not_shown_as_well()
    {
        var kafka = await _here.ChildIdAsync("kafka");
        await Installation.ShellAsync($"kill -STOP {kafka}");

        await Eventually.ThatAsync(
            async () => (await _here.RunAsync("status")).Output,
            Does.Contain($"Runs as process {kafka} and does not answer"), within: TimeSpan.FromSeconds(60));
        await Installation.ShellAsync($"kill -CONT {kafka}");
        await Eventually.ThatAsync(
            async () => (await _here.RunAsync("status")).Code, Is.Zero, within: TimeSpan.FromSeconds(60));
    }

    [Test]
    public async Task Without_the_process_that_keeps_them_the_engines_are_shown_as_stopped()
    {
        await Installation.ShellAsync($"kill -9 {_here.ProcessId("standalone")}");

        var status = await _here.RunAsync("status");

        Assert.That(status.Output, Does.Match("kafka +stopped").And.Match("clickhouse +stopped"));
    }

    [Test]
    public async Task ClickHouse_that_is_killed_comes_back_with_its_rows()
    {
        await _here.AskClickHouseAsync("create or replace table kept (id UInt64) engine = MergeTree order by id");
        await _here.AskClickHouseAsync("insert into kept select number from numbers(1000)");
        var killed = await _here.ChildIdAsync("clickhouse");

        await Installation.ShellAsync($"kill -9 {killed}");

        await Eventually.ThatAsync(
            () => _here.AskClickHouseAsync("select count() from kept"), Is.EqualTo("1000"),
            within: TimeSpan.FromSeconds(60));
        Assert.That(await _here.ChildIdAsync("clickhouse"), Is.Not.EqualTo(killed));
    }

    [Test]
    public async Task A_ClickHouse_that_the_operator_names_is_used_in_place_of_the_embedded_one()
    {
        await using var other = new Installation();

        var up = await Installation.ShellAsync($"""
            CLICKHOUSE_URL=http://somewhere.invalid:8123/tributary \
              ./tributary up --data {other.Data} --port-base {other.PortBase}
            """);

        Assert.That(up.Code, Is.Zero, up.Output + up.Error);
        Assert.That((await other.RunAsync("status")).Output, Does.Contain("kafka").And.Not.Contain("clickhouse"));
    }

    [Test]
    public async Task Another_up_at_the_same_moment_ends_with_a_sentence()
    {
        using var other = Installation.Start($"exec flock {_here.Data}/lock sh -c 'echo locked; exec sleep 600'");
        await other.StandardOutput.ReadLineAsync();

        var up = await _here.RunAsync("up");
        other.Kill(entireProcessTree: true);

        Assert.That(up.Code, Is.EqualTo(1));
        Assert.That(up.Error, Does.Contain("is at work in").And.Contain("run the same command again"));
    }

    [Test]
    public async Task Ports_are_not_moved_under_what_runs()
    {
        var up = await Installation.ShellAsync(
            $"./tributary up --data {_here.Data} --port-base {_here.PortBase + 500}");

        Assert.That(up.Code, Is.EqualTo(1));
        Assert.That(
            up.Error, Does.Contain($"has its ports from {_here.PortBase}").And.Contain("down").And.Contain("--data"));
    }

    [Test]
    public async Task In_the_foreground_it_stays_until_it_is_told_to_stop()
    {
        await _here.RunAsync("down");
        using var up = Installation.Start(
            $"exec ./tributary up --foreground --data {_here.Data} --port-base {_here.PortBase}");
        while (await up.StandardOutput.ReadLineAsync() is { } line && !line.Contains("is up")) { }
        var standalone = _here.ProcessId("standalone");

        await Installation.ShellAsync($"kill -TERM {up.Id}");

        await Eventually.ThatAsync(() => up.HasExited, Is.True);
        Assert.That((up.ExitCode, Supervising_children.Exists(standalone)), Is.EqualTo((0, false)));
    }

    [Test]
    public async Task Logs_show_what_a_part_said_and_name_the_parts_when_asked_for_another()
    {
        var said = await _here.RunAsync("logs", "standalone");
        var unknown = await _here.RunAsync("logs", "nobody");

        Assert.That(said.Output, Does.Contain("Application started"));
        Assert.That(unknown.Error, Does.Contain("nobody").And.Contain("standalone").And.Contain("postgres")
            .And.Contain("kafka").And.Contain("clickhouse"));
        Assert.That(said.Output, Does.Not.Contain("HealthCheckService"), "an error for each look at a start");
    }

    public async ValueTask DisposeAsync() => await _here.DisposeAsync();
}
