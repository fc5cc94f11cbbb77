using Dapper;
using Tributary.Postgres.Testing;

namespace Tributary.Postgres.Tests;

/// <summary>Each rule is broken on purpose, by the schema's owner or an administrator, and found.</summary>
[Category("Integration")]
public sealed class Checking_the_rules_of_tenancy
{
    private static readonly TenancyDeclarations Declared = new() { Lookups = ["find_write_key(bytea)"] };
    private TestDatabase _test = null!;

    [SetUp]
    public async Task Create() =>
        _test = await TestDatabase.CreateAsync("bandit", typeof(Checking_the_rules_of_tenancy).Assembly);

    [TearDown]
    public async Task Drop() => await (_test?.DisposeAsync() ?? default);

    [Test]
    public async Task A_schema_of_guarded_tables_breaks_none() =>
        Assert.That(await TenancyRules.ViolationsAsync(_test, Declared), Is.Empty);

    [TestCase("create table bare (organisation uuid not null)", "table bare has no forced row-level security")]
    [TestCase("alter table arm no force row level security", "table arm has no forced row-level security")]
    [TestCase("alter table arm disable row level security", "table arm shows {0}_request rows to another organisation")]
    [TestCase("alter table arm disable row level security",
        "table arm lets {0}_consumer delete rows as no organisation")]
    [TestCase("alter table arm disable row level security",
        "table arm lets {0}_request give a row to another organisation")]
    [TestCase("create table slug (organisation uuid not null, slug text primary key); select tributary_guard('slug')",
        "index slug_pkey of slug is a unique key that does not start with the organisation")]
    [TestCase("create unique index arm_once on arm (lower(arm_id::text))", "index arm_once of arm is a unique key")]
    [TestCase("create policy all_see on arm for select using (true)", "table arm has the policy all_see")]
    [TestCase("create policy all_see on arm for select using (true)",
        "table arm shows {0}_request rows to no organisation")]
    [TestCase("create policy all_write on arm for insert with check (true)",
        "table arm lets {0}_request insert a foreign row as another organisation")]
    [TestCase("drop policy organisation on arm", "table arm does not have the house's policy")]
    [TestCase("drop policy organisation on arm", "table arm hides from {0}_request its own rows")]
    [TestCase("drop policy organisation on arm; create policy organisation on arm using (organisation = any("
        + "string_to_array(current_setting('tributary.organisations', true), ',')::uuid[]))",
        "table arm has the policy organisation, which is not the house's")]
    [TestCase("create function every_arm() returns bigint language sql security definer as 'select count(*) from arm'",
        "function every_arm() runs with its definer's rights and is no declared look-up")]
    [TestCase("drop function find_write_key",
        "function find_write_key(bytea) is a declared look-up that does not exist")]
    [TestCase("grant insert (topic) on outbox to {0}_request",
        "table outbox is plumbing, and the request role has rights on it")]
    [TestCase("grant select on outbox_head to {0}_consumer",
        "table outbox_head is plumbing, and the consumer role has rights on it")]
    [TestCase("grant truncate on arm to {0}_consumer", "table arm can be truncated, which no policy binds")]
    [TestCase("create materialized view sums as select sum(reward) from arm; grant select on sums to {0}_request",
        "relation sums is a materialised view, which no policy binds, and may be read")]
    public async Task Breaking_a_rule_is_found_and_named(string broken, string sentence)
    {
        await using (var owner = _test.Database.OpenAsOwner())
        await using (var connection = await owner.OpenConnectionAsync())
            await connection.ExecuteAsync(Named(broken));

        var violations = await TenancyRules.ViolationsAsync(_test, Declared);

        Assert.That(violations, Has.Some.StartsWith(Named(sentence)));
    }

    [TestCase("alter view everything owner to current_user", "relation everything is not owned by the service's owner")]
    [TestCase("alter role {0}_consumer bypassrls", "role {0}_consumer bypasses row-level security")]
    [TestCase("alter role {0}_request superuser", "role {0}_request bypasses row-level security")]
    [TestCase("alter role {0}_relay login", "role {0}_relay may log in")]
    [TestCase("grant {0}_owner to {0}_request", "role {0}_request may take another role")]
    public async Task What_an_administrator_breaks_is_found_too(string broken, string sentence)
    {
        await using var connection = await _test.Admin.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync(); // Roles are shared: never committed.
        await connection.ExecuteAsync("create view everything as select * from arm");
        await connection.ExecuteAsync(Named(broken));

        var violations = await TenancyRules.CatalogueViolationsAsync(connection, _test.Database.Roles, Declared);

        Assert.That(violations, Has.Some.StartsWith(Named(sentence)));
    }

    [Test]
    public async Task A_look_up_that_is_not_declared_is_found() =>
        Assert.That(
            await TenancyRules.ViolationsAsync(_test),
            Has.Some.StartsWith("function find_write_key(bytea) runs with its definer's rights"));

    [Test]
    public async Task A_declared_public_read_is_no_violation()
    {
        await using (var owner = _test.Database.OpenAsOwner())
        await using (var connection = await owner.OpenConnectionAsync())
            await connection.ExecuteAsync("create policy published on arm for select using (reward > 5)");

        Assert.That(await TenancyRules.ViolationsAsync(_test, Declared with { PublicReads = ["arm"] }), Is.Empty);
    }

    [Test]
    public async Task A_row_can_be_made_for_columns_of_every_usual_kind()
    {
        await using (var owner = _test.Database.OpenAsOwner())
        await using (var connection = await owner.OpenConnectionAsync())
            await connection.ExecuteAsync("""
                create type mood as enum ('calm', 'loud');
                create domain percent as numeric check (value between 0 and 100);
                create table everything (
                    organisation uuid not null, id bigint generated always as identity, number smallint not null,
                    name varchar(3) not null, at timestamptz not null, day date not null, span interval not null,
                    mood mood not null, share percent not null, tags text[] not null, body jsonb not null,
                    digest bytea not null check (length(digest) = 32), range int4range not null, address inet not null,
                    arm_id uuid not null, optional text,
                    primary key (organisation, id),
                    foreign key (organisation, arm_id) references arm);
                select tributary_guard('everything');
                """);

        Assert.That(await TenancyRules.ViolationsAsync(_test, Declared), Is.Empty);
    }

    [Test]
    public async Task A_table_that_can_not_be_tried_is_a_violation_until_a_sample_is_declared()
    {
        await using (var owner = _test.Database.OpenAsOwner())
        await using (var connection = await owner.OpenConnectionAsync())
            await connection.ExecuteAsync("""
                create table place (organisation uuid not null, at point not null);
                select tributary_guard('place');
                """);
        const string Sample = "insert into place (organisation, at) values (@organisation, '(1,2)')";

        var without = await TenancyRules.ViolationsAsync(_test, Declared);
        var with = await TenancyRules.ViolationsAsync(
            _test, Declared with { Samples = new Dictionary<string, string> { ["place"] = Sample } });

        Assert.That(without.Single(), Does.StartWith("table place could not be tried, declare a sample for it"));
        Assert.That(with, Is.Empty);
    }

    private static string Named(string text) =>
        text.Replace("{0}", "tributary_bandit", StringComparison.Ordinal);
}
