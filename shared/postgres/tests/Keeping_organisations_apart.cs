using System.Text.Json;
using Dapper;
using Npgsql;
using Tributary.Postgres.Testing;

namespace Tributary.Postgres.Tests;

[Category("Integration")]
public sealed class Keeping_organisations_apart
{
    private const string InsertArm = "insert into arm (organisation, arm_id) values (@organisation, @arm)";

    private readonly Guid _ours = Guid.NewGuid();
    private readonly Guid _theirs = Guid.NewGuid();
    private readonly Guid _arm = Guid.NewGuid();
    private TestDatabase _test = null!;

    [OneTimeSetUp]
    public async Task Create()
    {
        _test = await TestDatabase.CreateAsync("bandit", typeof(Keeping_organisations_apart).Assembly);
        foreach (var organisation in new[] { _ours, _theirs })
        {
            await using var work = await _test.Database.ForOrganisationAsync(organisation, default);
            await work.ExecuteAsync(InsertArm, new { organisation, arm = _arm }, default);
            await work.CommitAsync(default);
        }
    }

    [OneTimeTearDown]
    public async Task Drop() => await (_test?.DisposeAsync() ?? default);

    [Test]
    public async Task A_request_sees_its_own_organisation_only()
    {
        await using var work = await _test.Database.ForOrganisationAsync(_ours, default);

        Assert.That(await SeenAsync(work), Is.EqualTo(new[] { _ours }));
    }

    [Test]
    public async Task A_batch_sees_its_organisations_only()
    {
        await using var both = await _test.Database.ForOrganisationsAsync([_ours, _theirs, _ours], default);
        await using var one = await _test.Database.ForOrganisationsAsync([_theirs, Guid.NewGuid()], default);

        Assert.That(await SeenAsync(both), Is.EquivalentTo(new[] { _ours, _theirs }));
        Assert.That(await SeenAsync(one), Is.EqualTo(new[] { _theirs }));
    }

    [Test]
    public async Task Without_an_organisation_nothing_is_seen_even_on_a_connection_that_had_one()
    {
        await using var source = _test.Database.Open(_test.Database.Roles.Request, pool => pool.MaxPoolSize = 1);
        await using (var work = await Work.BeginAsync(source, [_ours], default)) await work.CommitAsync(default);

        await using var without = await Work.BeginAsync(source, [], default);
        await using var never = await _test.Database.WithoutOrganisationAsync(default);

        Assert.That(await SeenAsync(without), Is.Empty);
        Assert.That(await SeenAsync(never), Is.Empty);
    }

    [Test]
    public async Task A_pooled_connection_keeps_its_role_when_it_is_reset()
    {
        await using var source = _test.Database.Open(_test.Database.Roles.Request, pool => pool.MaxPoolSize = 1);
        await using (var work = await Work.BeginAsync(source, [], default))
            await work.ExecuteAsync("reset role", null, default);

        await using var again = await Work.BeginAsync(source, [], default);

        Assert.That(await again.QueryAsync<string>("select current_user::text", null, default),
            Is.EqualTo(new[] { _test.Database.Roles.Request }));
    }

    [Test]
    public async Task A_row_of_another_organisation_can_not_be_written()
    {
        await using var work = await _test.Database.ForOrganisationAsync(_ours, default);

        var refusal = Assert.ThrowsAsync<PostgresException>(
            () => work.ExecuteAsync(InsertArm, new { organisation = _theirs, arm = Guid.NewGuid() }, default));

        Assert.That(refusal!.MessageText, Does.Contain("row-level security"));
    }

    [Test]
    public async Task A_transaction_in_which_a_statement_failed_does_not_commit_in_silence()
    {
        await using var work = await _test.Database.ForOrganisationAsync(_ours, default);
        Assert.ThrowsAsync<PostgresException>(() => work.ExecuteAsync("select 1 / 0", null, default));

        Assert.That(() => work.CommitAsync(default), Throws.InstanceOf<PostgresException>());
    }

    [Test]
    public async Task Even_the_owner_of_the_tables_is_bound_by_the_policy()
    {
        await using var owner = _test.Database.OpenAsOwner();
        await using var connection = await owner.OpenConnectionAsync();

        Assert.That(await connection.ExecuteScalarAsync<long>("select count(*) from arm"), Is.Zero);
    }

    [Test]
    public async Task A_role_that_bypasses_policies_is_refused()
    {
        var role = $"bypassing_{Guid.NewGuid():N}";
        await using var admin = await _test.Admin.OpenConnectionAsync();
        await admin.ExecuteAsync($"create role {role} bypassrls");

        await using (var source = _test.Database.Open(role, pool => pool.Pooling = false))
            Assert.That(async () => await source.OpenConnectionAsync(), Throws.InstanceOf<UnsafeRoleException>());

        await admin.ExecuteAsync($"drop role {role}");
    }

    [Test]
    public async Task A_named_look_up_finds_across_organisations_and_shows_no_more_than_it_returns()
    {
        byte[] digest = [1, 2, 3];
        await using (var work = await _test.Database.ForOrganisationAsync(_theirs, default))
        {
            await work.ExecuteAsync(
                "insert into write_key (organisation, digest) values (@_theirs, @digest)",
                new { _theirs, digest },
                default);
            await work.CommitAsync(default);
        }

        await using var unknown = await _test.Database.WithoutOrganisationAsync(default);
        var found = await unknown.QueryAsync<Guid?>("select find_write_key(@digest)", new { digest }, default);

        Assert.That(found, Is.EqualTo(new Guid?[] { _theirs }));
        Assert.That(await unknown.QueryAsync<Guid>("select organisation from write_key", null, default), Is.Empty);
    }

    [Test]
    public async Task The_list_of_organisations_is_read_once_a_statement_and_not_once_a_row()
    {
        var organisations = Enumerable.Range(0, 2_000).Select(_ => Guid.NewGuid()).ToArray();
        var rows = Enumerable.Range(0, 10_000).ToArray();
        var columns = new
        {
            organisations = rows.Select(row => organisations[row % organisations.Length]).ToArray(),
            arms = rows.Select(_ => Guid.NewGuid()).ToArray(),
        };
        await using var work = await _test.Database.ForOrganisationsAsync(organisations, default);

        var inserted = await ExplainAsync(
            work, "insert into arm (organisation, arm_id) select * from unnest(@organisations, @arms)", columns);
        var read = await ExplainAsync(work, "select sum(reward) from arm", columns);

        foreach (var plan in new[] { inserted, read })
        {
            var evaluated = Nodes(plan).Where(node => node.TryGetProperty("Subplan Name", out _)).ToList();
            Assert.That(evaluated, Is.Not.Empty);
            Assert.That(evaluated.Select(node => node.GetProperty("Subplan Name").GetString()),
                Has.All.StartsWith("InitPlan"));
            Assert.That(evaluated.Select(node => node.GetProperty("Actual Loops").GetDouble()), Has.All.EqualTo(1));
        }

        Assert.That(Nodes(read).Max(node => node.GetProperty("Actual Rows").GetDouble()), Is.EqualTo(10_000));
    }

    private static async Task<Guid[]> SeenAsync(Work work) =>
        [.. await work.QueryAsync<Guid>("select organisation from arm", null, default)];

    private static async Task<JsonElement> ExplainAsync(Work work, string sql, object parameters)
    {
        var plan = await work.QueryAsync<string>($"explain (analyze, format json) {sql}", parameters, default);
        return JsonDocument.Parse(string.Concat(plan)).RootElement[0].GetProperty("Plan");
    }

    private static IEnumerable<JsonElement> Nodes(JsonElement plan) =>
        plan.TryGetProperty("Plans", out var inner) ? inner.EnumerateArray().SelectMany(Nodes).Prepend(plan) : [plan];
}
