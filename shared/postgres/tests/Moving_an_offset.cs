using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Tributary.Postgres.Offsets;
using Tributary.Postgres.Testing;
using Tributary.Streaming;

namespace Tributary.Postgres.Tests;

/// <summary>Each test adds one to a counter per record, so that what is counted twice or never shows.</summary>
[Category("Integration")]
public sealed class Moving_an_offset
{
    private static readonly Guid Organisation = Guid.NewGuid();
    private static readonly Guid Arm = Guid.NewGuid();
    private TestDatabase _test = null!;
    private PostgresOffsets _offsets = null!;
    private Guid _topicId;

    [OneTimeSetUp]
    public async Task Create()
    {
        _test = await TestDatabase.CreateAsync("bandit", typeof(Moving_an_offset).Assembly);
        _offsets = new(_test.Database);
    }

    [SetUp]
    public async Task StartAtHundred()
    {
        _topicId = Guid.NewGuid();
        await _offsets.BeginAsync("bandit.rewards", "credits.v1", _topicId, 3, earliest: 100, default);
        await using var admin = await _test.Admin.OpenConnectionAsync();
        await admin.ExecuteAsync("delete from arm");
    }

    [OneTimeTearDown]
    public async Task Drop() => await (_test?.DisposeAsync() ?? default);

    [Test]
    public async Task A_partition_never_read_is_not_stored_and_begins_once()
    {
        var topicId = Guid.NewGuid();

        var before = await _offsets.LoadAsync("new", "events.v1", [0, 1], default);
        var begun = await _offsets.BeginAsync("new", "events.v1", topicId, 1, earliest: 7, default);
        var again = await _offsets.BeginAsync("new", "events.v1", topicId, 1, earliest: 9, default);
        var after = await _offsets.LoadAsync("new", "events.v1", [0, 1], default);

        Assert.That(before, Is.Empty);
        Assert.That((begun.NextOffset, again.NextOffset), Is.EqualTo((7L, 7L)));
        Assert.That(after.Select(stored => (stored.TopicId, stored.Partition, stored.NextOffset)),
            Is.EqualTo(new[] { (topicId, 1, 7L) }));
    }

    [Test]
    public async Task A_topic_made_anew_is_stored_beside_the_old_one()
    {
        var anew = Guid.NewGuid();

        await _offsets.BeginAsync("bandit.rewards", "credits.v1", anew, 3, earliest: 0, default);

        var stored = await _offsets.LoadAsync("bandit.rewards", "credits.v1", [3], default);
        Assert.That(stored.Select(one => one.TopicId), Does.Contain(anew).And.Contain(_topicId));
    }

    [Test]
    public async Task The_offset_and_the_positions_move_with_the_rows()
    {
        var source = Guid.NewGuid();

        await CountAsync(Span(100, 150) with { Positions = new Dictionary<Guid, long> { [source] = 41 } });

        var stored = await StoredAsync();
        Assert.That((stored.NextOffset, stored.Positions[source]), Is.EqualTo((150L, 41L)));
        Assert.That(await CountedAsync(), Is.EqualTo(50));
    }

    [Test]
    public async Task Neither_moves_without_the_commit()
    {
        await using (var work = await BeginAsync(Span(100, 150)))
            await _offsets.AdvanceAsync(work.Transaction, Span(100, 150), default);

        Assert.That((await StoredAsync()).NextOffset, Is.EqualTo(100));
        Assert.That(await CountedAsync(), Is.Zero);
    }

    [Test]
    public async Task An_old_owners_overlapping_batch_is_refused_and_keeps_nothing()
    {
        await CountAsync(Span(100, 150));

        var refusal = Assert.ThrowsAsync<AnotherOwnerException>(() => CountAsync(Span(100, 200)));

        await CountAsync(Span(150, 200));
        Assert.That(refusal!.Span, Is.EqualTo(Span(100, 200)).Using<BatchSpan>((a, b) => a.End == b.End));
        Assert.That(await CountedAsync(), Is.EqualTo(100));
    }

    [Test]
    public async Task Two_owners_at_the_same_moment_count_once()
    {
        await using var old = await BeginAsync(Span(100, 200));
        await _offsets.AdvanceAsync(old.Transaction, Span(100, 200), default);
        var rightful = Task.Run(() => CountAsync(Span(100, 150)));
        await WaitForBlockedAsync();

        await old.CommitAsync(default);

        Assert.ThrowsAsync<AnotherOwnerException>(() => rightful);
        Assert.That((await StoredAsync()).NextOffset, Is.EqualTo(200), "the rightful owner reads it anew and seeks");
        Assert.That(await CountedAsync(), Is.EqualTo(100));
    }

    [Test]
    public async Task An_owner_frozen_in_its_transaction_gives_way_and_keeps_nothing_when_it_thaws()
    {
        var options = new DatabaseOptions { Url = _test.Url, TransactionIdleMax = TimeSpan.FromSeconds(1) };
        await using var database = new ServiceDatabase("bandit", options, NullLoggerFactory.Instance);
        await using var frozen = await database.ForOrganisationsAsync([Organisation], default);
        await CountAsync(frozen, 100);
        await _offsets.AdvanceAsync(frozen.Transaction, Span(100, 200), default);

        await CountAsync(Span(100, 150)); // Waits for the frozen one's locks.

        Assert.That(() => frozen.CommitAsync(default), Throws.InstanceOf<CommitUnknownException>());
        Assert.That((await StoredAsync()).NextOffset, Is.EqualTo(150));
        Assert.That(await CountedAsync(), Is.EqualTo(50));
    }

    [Test]
    public async Task The_tempting_fence_below_the_end_counts_an_overlap_twice()
    {
        const string Fence = "next_offset < @end";
        await TemptedAsync(Fence, first: 100, end: 150);

        var oldOwnersPassed = await TemptedAsync(Fence, first: 100, end: 200);

        Assert.That(oldOwnersPassed, Is.True);
        Assert.That(await CountedAsync(), Is.EqualTo(150), "of 100 records");
    }

    [Test]
    public async Task The_tempting_fence_on_the_first_record_lets_a_gap_through()
    {
        const string Fence = "next_offset <= @first";

        var readAheadPassed = await TemptedAsync(Fence, first: 150, end: 200); // The batch before it was rolled back.

        Assert.That(readAheadPassed, Is.True);
        Assert.That(await CountedAsync(), Is.EqualTo(50), "of 100 records");
        Assert.That((await StoredAsync()).NextOffset, Is.EqualTo(200));
    }

    [Test]
    public async Task A_rejected_record_is_open_until_a_retry_applied_it()
    {
        var rejected = new Origin(_topicId, 3, 120);
        await CountAsync(Span(100, 150) with { Rejected = [rejected] });
        var open = await OpenAsync(rejected, new Origin(_topicId, 3, 121));

        await CountAsync(Span(150, 151) with { Applied = [rejected] });

        Assert.That(open, Is.EqualTo(new[] { rejected }));
        Assert.That(await OpenAsync(rejected), Is.Empty);
    }

    [Test]
    public async Task A_retry_that_was_applied_meanwhile_keeps_nothing_of_its_batch()
    {
        var rejected = new Origin(_topicId, 3, 120);
        await CountAsync(Span(100, 150) with { Rejected = [rejected] });
        await CountAsync(Span(150, 151) with { Applied = [rejected] });

        Assert.ThrowsAsync<AnotherOwnerException>(() => CountAsync(Span(151, 152) with { Applied = [rejected] }));

        Assert.That((await StoredAsync()).NextOffset, Is.EqualTo(151));
        Assert.That(await CountedAsync(), Is.EqualTo(51));
    }

    [Test]
    public async Task A_rejection_repeated_stays_open_and_one_that_never_was_is_not_applied()
    {
        var rejected = new Origin(_topicId, 3, 120);
        await CountAsync(Span(100, 150) with { Rejected = [rejected, rejected] });
        await CountAsync(Span(150, 160) with { Rejected = [rejected] });

        var never = new Origin(_topicId, 3, 121);
        Assert.ThrowsAsync<AnotherOwnerException>(() => CountAsync(Span(160, 170) with { Applied = [never] }));

        Assert.That(await OpenAsync(rejected), Is.EqualTo(new[] { rejected }));
    }

    [Test]
    public async Task Rejections_too_old_to_come_back_are_deleted_by_later_ones()
    {
        var old = new Origin(_topicId, 3, 120);
        await CountAsync(Span(100, 150) with { Rejected = [old] });
        await using var admin = await _test.Admin.OpenConnectionAsync();
        await admin.ExecuteAsync("update rejected_origin set rejected_at = now() - interval '91 days'");

        await CountAsync(Span(150, 160) with { Rejected = [new Origin(_topicId, 3, 155)] });

        Assert.That(await admin.QueryAsync<long>("select \"offset\" from rejected_origin where topic_id = @_topicId",
            new { _topicId }), Is.EqualTo(new[] { 155L }));
    }

    [Test]
    public async Task A_transaction_of_another_service_is_refused()
    {
        var foreign = new PostgresOffsets(new("rules", _test.Database.Options, _test.Database.Loggers));
        await using var work = await BeginAsync(Span(100, 150));

        var refusal = Assert.ThrowsAsync<PostgresException>(
            () => foreign.AdvanceAsync(work.Transaction, Span(100, 150), default));

        Assert.That(refusal!.SqlState,
            Is.AnyOf(PostgresErrorCodes.InvalidSchemaName, PostgresErrorCodes.UndefinedTable));
    }

    [Test]
    public async Task An_owner_frozen_in_the_middle_of_an_answer_holds_its_locks_no_longer_than_any_other()
    {
        var options = new DatabaseOptions
        {
            Url = _test.Database.Options.Url,
            RolePrefix = _test.Database.Options.RolePrefix,
            TransactionIdleMax = TimeSpan.FromSeconds(1),
        };
        await using var database = new ServiceDatabase("bandit", options, _test.Database.Loggers);
        await using var frozen = await database.ForOrganisationsAsync([Organisation], default);
        var session = (await frozen.QueryAsync<int>("select pg_backend_pid()", null, default)).Single();
        await using var command = new NpgsqlCommand(
            "select repeat('x', 1000000) from generate_series(1, 100)", frozen.Connection, frozen.Transaction);
        await using var unread = await command.ExecuteReaderAsync(default(CancellationToken));

        await using var admin = await _test.Admin.OpenConnectionAsync();
        await Until.TrueAsync(async () => await admin.ExecuteScalarAsync<bool>(
            "select not exists (select from pg_stat_activity where pid = @session)", new { session }));
        Assert.CatchAsync<NpgsqlException>(async () =>
        {
            while (await unread.ReadAsync()) { }
        });
    }

    private async Task CountAsync(BatchSpan span)
    {
        await using var work = await BeginAsync(span);
        await _offsets.AdvanceAsync(work.Transaction, span, default);
        await work.CommitAsync(default);
    }

    private async Task<Work> BeginAsync(BatchSpan span)
    {
        var work = await _test.Database.ForOrganisationsAsync([Organisation], default);
        await CountAsync(work, span.End - span.Start);
        return work;
    }

    private static Task<int> CountAsync(Work work, long records) => work.ExecuteAsync(
        """
        insert into arm (organisation, arm_id, reward)
        values (@Organisation, @Arm, @records)
        on conflict (organisation, arm_id) do update set reward = arm.reward + excluded.reward
        """,
        new { Organisation, Arm, records },
        default);

    /// <returns>Whether the fence let it through.</returns>
    private async Task<bool> TemptedAsync(string fence, long first, long end)
    {
        await using var work = await _test.Database.ForOrganisationsAsync([Organisation], default);
        await CountAsync(work, end - first);
        var moved = await work.ExecuteAsync(
            $"update kafka_offset set next_offset = @end where topic_id = @_topicId and {fence}",
            new { _topicId, first, end },
            default);
        if (moved == 1) await work.CommitAsync(default);
        return moved == 1;
    }

    private BatchSpan Span(long start, long end) =>
        new("bandit.rewards", "credits.v1", _topicId, 3, start, end, new Dictionary<Guid, long>());

    private async Task<StoredOffset> StoredAsync() =>
        (await _offsets.LoadAsync("bandit.rewards", "credits.v1", [3], default)).Single(one => one.TopicId == _topicId);

    private async Task<IReadOnlySet<Origin>> OpenAsync(params Origin[] origins) =>
        await _offsets.OpenOriginsAsync("bandit.rewards", origins, default);

    private async Task<double> CountedAsync()
    {
        await using var work = await _test.Database.ForOrganisationAsync(Organisation, default);
        return (await work.QueryAsync<double>("select coalesce(sum(reward), 0) from arm", null, default))[0];
    }

    private async Task WaitForBlockedAsync()
    {
        await using var admin = await _test.Admin.OpenConnectionAsync();
        await Until.TrueAsync(() => admin.ExecuteScalarAsync<bool>(
            "select exists (select from pg_locks where not granted and locktype = 'transactionid')"));
    }
}
