using Dapper;
using Npgsql;
using Tributary.Postgres.Testing;

namespace Tributary.Postgres.Tests;

[Category("Integration")]
public sealed class Publishing_with_rows
{
    private TestDatabase _test = null!;

    [SetUp]
    public async Task Create() =>
        _test = await TestDatabase.CreateAsync("bandit", typeof(Publishing_with_rows).Assembly);

    [TearDown]
    public async Task Drop() => await (_test?.DisposeAsync() ?? default);

    [Test]
    public async Task Positions_grow_in_the_order_of_commits_and_not_of_publishing()
    {
        await using var first = await _test.Database.WithoutOrganisationAsync(default);
        await using var second = await _test.Database.WithoutOrganisationAsync(default);
        first.Publish(OutboxBench.Message("published first"));
        second.Publish(OutboxBench.Message("committed first"));

        await second.CommitAsync(default);
        await first.CommitAsync(default);

        Assert.That(await OutboxAsync(), Is.EqualTo(new[] { (1L, "committed first"), (2L, "published first") }));
    }

    [Test]
    public async Task A_position_is_not_taken_while_a_lower_one_may_still_be_rolled_back()
    {
        await using var admin = await _test.Admin.OpenConnectionAsync();
        var undecided = await admin.BeginTransactionAsync();
        await admin.ExecuteAsync(
            "select outbox_append(array['t'], array['k'::bytea], array['lost'::bytea], array['{}'::jsonb])");
        var waiting = Task.Run(() => OutboxBench.PublishAsync(_test.Database, "kept"));
        await using var watcher = await _test.Admin.OpenConnectionAsync();
        await Until.TrueAsync(() => watcher.ExecuteScalarAsync<bool>(
            "select exists (select from pg_locks where not granted and locktype = 'transactionid')"));

        await undecided.RollbackAsync();
        await waiting;

        Assert.That(await OutboxAsync(), Is.EqualTo(new[] { (1L, "kept") }));
    }

    [Test]
    public async Task Ids_of_a_sequence_would_be_committed_out_of_order()
    {
        await using var admin = await _test.Admin.OpenConnectionAsync();
        await admin.ExecuteAsync("create table tempting (id bigserial primary key)");
        await using var slow = await _test.Admin.OpenConnectionAsync();
        await using var undecided = await slow.BeginTransactionAsync();
        await slow.ExecuteAsync("insert into tempting default values");

        await admin.ExecuteAsync("insert into tempting default values");

        Assert.That(await admin.QueryAsync<long>("select id from tempting"), Is.EqualTo(new[] { 2L }),
            "a relay sends 2, its readers skip the 1 that comes later");
        await undecided.CommitAsync();
    }

    [Test]
    public async Task Many_at_once_leave_no_gap_and_no_position_twice()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            foreach (var value in OutboxBench.Numbers(writer * 100, 25))
                await OutboxBench.PublishAsync(_test.Database, value, value + "b");
        })));

        var outbox = await OutboxAsync();
        Assert.That(outbox.Select(entry => entry.Position), Is.EqualTo(Enumerable.Range(1, 400).Select(n => (long)n)));
        Assert.That(outbox.Select(entry => entry.Value).Distinct().Count(), Is.EqualTo(400));
    }

    [Test]
    public async Task Without_a_commit_nothing_is_published()
    {
        await using (var work = await _test.Database.WithoutOrganisationAsync(default))
            work.Publish(OutboxBench.Message("never"));

        Assert.That(await OutboxAsync(), Is.Empty);
    }

    [TestCase("select * from outbox")]
    [TestCase("update outbox set value = ''")]
    [TestCase("delete from outbox")]
    [TestCase("insert into outbox (position, outbox_id, topic) values (9, gen_random_uuid(), 't')")]
    [TestCase("update outbox_head set position = 0")]
    [TestCase("select outbox_renew()")]
    [TestCase("select next_offset from kafka_offset")]
    [TestCase("delete from migration")]
    public async Task A_request_may_append_and_nothing_else(string statement)
    {
        await using var work = await _test.Database.ForOrganisationAsync(Guid.NewGuid(), default);

        var refusal = Assert.ThrowsAsync<PostgresException>(() => work.ExecuteAsync(statement, null, default));

        Assert.That(refusal!.SqlState, Is.EqualTo(PostgresErrorCodes.InsufficientPrivilege));
    }

    [Test]
    public async Task A_commit_whose_answer_is_lost_is_unknown_and_not_tried_again()
    {
        var tries = 0;

        var unknown = Assert.ThrowsAsync<CommitUnknownException>(() => _test.Database.RetryAsync(
            async token =>
            {
                tries++;
                await using var work = await _test.Database.WithoutOrganisationAsync(token);
                await TerminateAsync(work);
                await work.CommitAsync(token);
                return 0;
            },
            default));

        Assert.That(unknown, Is.Not.Null);
        Assert.That(tries, Is.EqualTo(1));
    }

    [Test]
    public async Task A_connection_lost_before_the_commit_is_tried_again()
    {
        var tries = 0;

        await _test.Database.RetryAsync(
            async token =>
            {
                await using var work = await _test.Database.WithoutOrganisationAsync(token);
                if (tries++ == 0) await TerminateAsync(work);
                work.Publish(OutboxBench.Message("once"));
                await work.CommitAsync(token);
                return 0;
            },
            default);

        Assert.That(await OutboxAsync(), Is.EqualTo(new[] { (1L, "once") }));
    }

    private async Task TerminateAsync(Work work)
    {
        await using var admin = await _test.Admin.OpenConnectionAsync();
        await admin.ExecuteAsync("select pg_terminate_backend(@ProcessID, 5000)", new { work.Connection.ProcessID });
    }

    private async Task<IReadOnlyList<(long Position, string Value)>> OutboxAsync()
    {
        await using var admin = await _test.Admin.OpenConnectionAsync();
        return [.. await admin.QueryAsync<(long, string)>(
            "select position, convert_from(value, 'utf8') from outbox order by position")];
    }
}
