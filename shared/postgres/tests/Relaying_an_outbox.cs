using System.Text;
using Dapper;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Tributary.Postgres.Testing;

namespace Tributary.Postgres.Tests;

[Category("Integration")]
public sealed class Relaying_an_outbox
{
    private TestDatabase _test = null!;
    private OutboxBench _bench = null!;
    private MemoryTopic _topic = null!;

    [SetUp]
    public async Task Create()
    {
        _test = await TestDatabase.CreateAsync("bandit", typeof(Relaying_an_outbox).Assembly);
        _bench = new(_test);
        _topic = new();
    }

    [TearDown]
    public async Task Drop()
    {
        if (_test is null) return; // There is no server to test with.
        await _bench.DisposeAsync();
        await _test.DisposeAsync();
    }

    [Test]
    public async Task Messages_are_sent_in_order_with_their_outbox_and_position()
    {
        await OutboxBench.PublishAsync(_test.Database, OutboxBench.Numbers(1, 1_200));

        await _bench.StartAsync(_topic.Sender(), OutboxBench.Quick);
        await _bench.UntilSentAsync(1_200);

        var outbox = await _bench.ScalarAsync<Guid>("select outbox_id from outbox_head");
        Assert.That(_topic.Log.Select(entry => entry.Position), Is.Ordered.Ascending);
        Assert.That(_topic.Log.Select(entry => entry.OutboxId), Has.All.EqualTo(outbox));
        Assert.That(_topic.Read(), Is.EqualTo(OutboxBench.Numbers(1, 1_200)));
    }

    [Test]
    public async Task A_commit_wakes_the_relay_before_it_would_look_by_itself()
    {
        var options = OutboxBench.Quick with
        {
            PollInterval = TimeSpan.FromMinutes(1),
            LeaseMax = TimeSpan.FromMinutes(5),
        };
        await _bench.StartAsync(_topic.Sender(), options);
        await Until.TrueAsync(() => _bench.ScalarAsync<bool>(
            "select exists (select from pg_stat_activity where query like 'listen%' or query like '%MeasureLag%' "
            + "or query like 'select head.position%')"));
        var started = TimeProvider.System.GetTimestamp();

        await OutboxBench.PublishAsync(_test.Database, "woken");
        await _bench.UntilSentAsync(1);

        Assert.That(TimeProvider.System.GetElapsedTime(started), Is.LessThan(TimeSpan.FromSeconds(30)));
    }

    [Test]
    public async Task A_relay_that_is_not_woken_looks_by_itself()
    {
        await _bench.StartAsync(_topic.Sender(), OutboxBench.Quick);
        await OutboxBench.PublishAsync(_test.Database, "1");
        await _bench.UntilSentAsync(1);

        await _bench.ScalarAsync<int?>( // As a commit whose notification was lost.
            "update outbox_head set position = 2; insert into outbox (position, outbox_id, topic, value) "
            + "select 2, outbox_id, 'arms.v1', '2' from outbox_head");
        await _bench.UntilSentAsync(2);

        Assert.That(_topic.Read(), Is.EqualTo(new[] { "1", "2" }));
    }

    [Test]
    public async Task Of_two_relays_one_works_and_the_other_takes_over()
    {
        var (one, other) = (new MemoryTopic(), _topic);
        await using (var dying = new OutboxBench(_test))
        {
            await dying.StartAsync(one.Sender(), OutboxBench.Quick);
            await OutboxBench.PublishAsync(_test.Database, "1", "2");
            await dying.UntilSentAsync(2);
            await _bench.StartAsync(other.Sender(), OutboxBench.Quick);
            await OutboxBench.PublishAsync(_test.Database, "3");
            await dying.UntilSentAsync(3);
        }

        await OutboxBench.PublishAsync(_test.Database, "4");
        await _bench.UntilSentAsync(4);

        Assert.That(one.Read(), Is.EqualTo(new[] { "1", "2", "3" }));
        Assert.That(other.Read(), Is.EqualTo(new[] { "4" }));
    }

    [Test]
    public async Task A_delivery_that_failed_half_way_is_repeated_and_readers_skip_what_they_had()
    {
        var failures = 0;
        await OutboxBench.PublishAsync(_test.Database, OutboxBench.Numbers(1, 10));

        var status = await _bench.StartAsync(
            _topic.Sender(beforeEach: entry =>
            {
                if (entry.Position == 7 && failures++ < 2) throw new TimeoutException("no answer from the broker");
            }),
            OutboxBench.Quick);
        await _bench.UntilSentAsync(10);

        Assert.That(_topic.Log, Has.Count.EqualTo(6 + 6 + 10));
        Assert.That(_topic.Read(), Is.EqualTo(OutboxBench.Numbers(1, 10)));
        await Until.TrueAsync(async () => (await OutboxBench.HealthAsync(status)).Status == HealthStatus.Healthy);
    }

    [Test]
    public async Task A_delivery_that_was_written_and_reported_as_timed_out_is_kept_once()
    {
        var timedOut = false;
        await OutboxBench.PublishAsync(_test.Database, OutboxBench.Numbers(1, 5));

        await _bench.StartAsync(
            _topic.Sender(beforeReturn: () =>
            {
                if (timedOut) return Task.CompletedTask;
                timedOut = true;
                throw new TimeoutException("delivery timed out"); // The architecture: it was in the topic afterwards.
            }),
            OutboxBench.Quick);
        await _bench.UntilSentAsync(5);

        Assert.That(_topic.Log, Has.Count.EqualTo(10));
        Assert.That(_topic.Read(), Is.EqualTo(OutboxBench.Numbers(1, 5)));
    }

    [Test]
    public async Task A_relay_that_loses_its_session_between_send_and_mark_does_not_mark()
    {
        var sent = new TaskCompletionSource();
        var thawed = new TaskCompletionSource();
        await OutboxBench.PublishAsync(_test.Database, "1", "2");
        await _bench.StartAsync(
            _topic.Sender(beforeReturn: () =>
            {
                sent.TrySetResult();
                return thawed.Task;
            }),
            OutboxBench.Quick with { LeaseMax = TimeSpan.FromMinutes(5) });
        await sent.Task;

        await _bench.ScalarAsync<bool>(
            "select bool_or(pg_terminate_backend(pid, 5000)) from pg_locks where locktype = 'advisory' and granted "
            + "and database = (select oid from pg_database where datname = current_database())");
        var before = await _bench.SentAsync();
        thawed.SetResult();
        await _bench.UntilSentAsync(2);

        Assert.That(before, Is.Zero);
        Assert.That(_topic.Log, Has.Count.EqualTo(4), "sent, not marked, and sent again");
        Assert.That(_topic.Read(), Is.EqualTo(new[] { "1", "2" }));
    }

    [Test]
    public async Task A_slow_delivery_does_not_cost_the_lease()
    {
        var broker = new TaskCompletionSource();
        await OutboxBench.PublishAsync(_test.Database, "1");
        await _bench.StartAsync(_topic.Sender(beforeReturn: () => broker.Task), OutboxBench.Quick);
        await Until.TrueAsync(() => Task.FromResult(_topic.Log.Count == 1));
        var started = TimeProvider.System.GetTimestamp();

        await Until.TrueAsync(() => Task.FromResult( // Three leases long.
            TimeProvider.System.GetElapsedTime(started) > OutboxBench.Quick.LeaseMax * 3));
        broker.SetResult();
        await _bench.UntilSentAsync(1);

        Assert.That(_topic.Log, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task What_was_sent_long_enough_ago_is_deleted_and_nothing_else()
    {
        await OutboxBench.PublishAsync(_test.Database, OutboxBench.Numbers(1, 1_500));
        var blocked = new TaskCompletionSource();

        await _bench.StartAsync(
            _topic.Sender(beforeEach: entry =>
            {
                if (entry.Position > 1_000) throw new TimeoutException("no broker");
            }),
            OutboxBench.Quick with { KeepSent = TimeSpan.Zero });
        await Until.TrueAsync(async () => await _bench.ScalarAsync<long>("select count(*) from outbox") == 500);

        Assert.That(await _bench.ScalarAsync<long>("select min(position) from outbox"), Is.EqualTo(1_001));
    }

    [Test]
    public async Task A_relay_that_can_not_send_says_so_and_for_how_long()
    {
        await OutboxBench.PublishAsync(_test.Database, "1");

        var status = await _bench.StartAsync(
            _topic.Sender(beforeEach: _ => throw new TimeoutException("no broker")), OutboxBench.Quick);
        await Until.TrueAsync(async () => (await OutboxBench.HealthAsync(status)).Status == HealthStatus.Degraded);

        Assert.That((await OutboxBench.HealthAsync(status)).Description, Does.Contain("no broker"));
    }

    [Test]
    public async Task A_relay_that_waits_for_a_broker_says_how_much_waits_and_for_how_long()
    {
        var silence = new TaskCompletionSource();
        var status = await _bench.StartAsync(
            _topic.Sender(beforeReturn: () => silence.Task),
            OutboxBench.Quick with { AgeMax = TimeSpan.FromSeconds(1) });
        await OutboxBench.PublishAsync(_test.Database, "1", "2");

        await Until.TrueAsync(async () => (await OutboxBench.HealthAsync(status)).Status == HealthStatus.Degraded);
        var said = (await OutboxBench.HealthAsync(status)).Description;
        silence.SetResult();
        await Until.TrueAsync(async () => (await OutboxBench.HealthAsync(status)).Status == HealthStatus.Healthy);

        Assert.That(said, Does.StartWith("2 messages are not sent"));
    }

    [Test]
    public async Task A_restored_database_loses_nothing_and_doubles_nothing()
    {
        await OutboxBench.PublishAsync(_test.Database, "0"); // The first after the copy of the template.

        // Backed up when 1 was sent, and 2 and 3 were committed.
        await using (var early = new OutboxBench(_test))
        {
            await early.StartAsync(_topic.Sender(), OutboxBench.Quick);
            await OutboxBench.PublishAsync(_test.Database, "1");
            await early.UntilSentAsync(2);
        }
        await OutboxBench.PublishAsync(_test.Database, "2", "3");
        await using var restored = await _test.CopyAsync();

        // The original went on to 5 before it was lost.
        await OutboxBench.PublishAsync(_test.Database, "4 of before", "5 of before");
        await using (var late = new OutboxBench(_test))
        {
            await late.StartAsync(_topic.Sender(), OutboxBench.Quick);
            await late.UntilSentAsync(6);
        }

        await using var bench = new OutboxBench(restored);
        await OutboxBench.PublishAsync(restored.Database, "4 of after", "5 of after");
        await bench.StartAsync(_topic.Sender(), OutboxBench.Quick);
        await bench.UntilSentAsync(6);

        Assert.That(_topic.Read(),
            Is.EqualTo(new[] { "0", "1", "2", "3", "4 of before", "5 of before", "4 of after", "5 of after" }));
        Assert.That(_topic.Log.Select(entry => entry.OutboxId).Distinct().Count(), Is.EqualTo(2));
    }

    [Test]
    public async Task Another_timeline_or_server_is_another_database_and_the_same_one_is_not()
    {
        await OutboxBench.PublishAsync(_test.Database, "the first of a copied template");
        var before = await _bench.ScalarAsync<Guid>("select outbox_id from outbox_head");
        await OutboxBench.PublishAsync(_test.Database, "1");
        var same = await _bench.ScalarAsync<Guid>("select outbox_id from outbox_head");
        await _bench.ScalarAsync<int?>(
            "update outbox_head set database = regexp_replace(database, '/[0-9A-F]{8}/', '/00000009/')");

        await OutboxBench.PublishAsync(_test.Database, "2");

        Assert.That(same, Is.EqualTo(before));
        Assert.That(await _bench.ScalarAsync<Guid>("select outbox_id from outbox_head"), Is.Not.EqualTo(before));
        Assert.That(await _bench.ScalarAsync<string>("select database from outbox_head"),
            Does.Match("^[0-9]+/[0-9A-F]{8}/[0-9]+$").And.Not.Contains("/00000009/"));
    }

    [Test]
    public async Task An_operator_can_give_a_new_outbox_id()
    {
        var before = await _bench.ScalarAsync<Guid>("select outbox_id from outbox_head");

        await _bench.ScalarAsync<Guid>("select outbox_renew()");

        Assert.That(await _bench.ScalarAsync<Guid>("select outbox_id from outbox_head"), Is.Not.EqualTo(before));
    }
}
