using System.Reflection;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Tributary.Postgres.Migrations;
using Tributary.Postgres.Testing;

namespace Tributary.Postgres.Tests;

[Category("Integration")]
public sealed class Migrating_a_service
{
    private static readonly Assembly Own = typeof(Migrating_a_service).Assembly;
    private TestDatabase _test = null!;

    [SetUp]
    public async Task Create() => _test = await TestDatabase.CreateEmptyAsync("bandit");

    [TearDown]
    public async Task Drop() => await (_test?.DisposeAsync() ?? default);

    [Test]
    public async Task A_second_start_applies_nothing()
    {
        var first = await Migrator().MigrateAsync(default);
        var second = await Migrator().MigrateAsync(default);

        Assert.That((first, second), Is.EqualTo((5, 0)));
    }

    [Test]
    public async Task Processes_that_start_at_once_apply_each_migration_once()
    {
        var applied = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Migrator().MigrateAsync(default)));

        Assert.That(applied.Sum(), Is.EqualTo(Migrator().Known.Count));
        Assert.That(applied.Count(count => count > 0), Is.EqualTo(1), "one process does it, the others wait");
    }

    [Test]
    public async Task Services_share_a_database_each_in_its_schema()
    {
        await using var rules = new ServiceDatabase(
            "rules", new DatabaseOptions { Url = _test.Url }, NullLoggerFactory.Instance);

        await Task.WhenAll(Migrator().MigrateAsync(default), Migrator(rules).MigrateAsync(default));

        await using var admin = await _test.Admin.OpenConnectionAsync();
        var schemas = await admin.QueryAsync<string>(
            "select schemaname from pg_tables where tablename = 'kafka_offset' order by 1");
        Assert.That(schemas, Is.EqualTo(new[] { "bandit", "rules" }));
        await using var work = await rules.WithoutOrganisationAsync(default);
        var foreign = Assert.ThrowsAsync<PostgresException>(
            () => work.ExecuteAsync("select * from bandit.arm", null, default));
        Assert.That(foreign!.SqlState, Is.EqualTo(PostgresErrorCodes.InsufficientPrivilege));
    }

    [TestCase("update bandit.migration set checksum = 'other' where name = 'arm'", "0001_arm was changed after")]
    [TestCase("insert into bandit.migration values ('bandit', 9, 'later', '')", "0009_later is applied but this build")]
    [TestCase("update bandit.migration set name = 'gone' where name = 'arm'", "0001_gone is applied but this build")]
    public async Task A_database_that_is_not_this_builds_is_refused_with_a_sentence(string change, string sentence)
    {
        await Migrator().MigrateAsync(default);
        await using (var admin = await _test.Admin.OpenConnectionAsync()) await admin.ExecuteAsync(change);

        var refusal = Assert.ThrowsAsync<MigrationRefusedException>(() => Migrator().MigrateAsync(default));

        Assert.That(refusal!.Message, Does.Contain(sentence));
    }

    [Test]
    public async Task A_migration_that_fails_leaves_nothing_behind_and_is_named()
    {
        await Migrator().MigrateAsync(default);
        await using var connection = await _test.Admin.OpenConnectionAsync();
        await connection.ExecuteAsync("drop table bandit.write_key cascade; "
            + "delete from bandit.migration where name = 'write_key'; drop table bandit.arm; "
            + "delete from bandit.migration where name = 'arm'; create table bandit.write_key ()");

        var refusal = Assert.ThrowsAsync<MigrationRefusedException>(() => Migrator().MigrateAsync(default));

        var applied = await connection.QueryAsync<string>("select name from bandit.migration where source = 'bandit'");
        Assert.That(refusal!.Message, Does.StartWith("migration bandit 0002_write_key failed: "));
        Assert.That(applied, Is.EqualTo(new[] { "arm" }));
    }

    [Test]
    public async Task A_migration_can_not_end_its_own_transaction()
    {
        await Migrator().MigrateAsync(default);
        var hasty = new Migration("bandit", 9, "hasty", "create table hasty (); commit; create table tasty ();");

        var refusal = Assert.ThrowsAsync<MigrationRefusedException>(() => Migrator([hasty]).MigrateAsync(default));

        await using var admin = await _test.Admin.OpenConnectionAsync();
        Assert.That(refusal!.Message, Does.StartWith("migration bandit 0009_hasty failed: "));
        Assert.That(await admin.ExecuteScalarAsync<string?>("select to_regclass('bandit.hasty')::text"), Is.Null);
    }

    [Test]
    public async Task A_start_that_may_not_migrate_refuses_what_is_not_applied_and_accepts_what_is()
    {
        await Migrator().MigrateAsync(default);
        await Migrator().CheckAsync(default);
        await using var admin = await _test.Admin.OpenConnectionAsync();
        await admin.ExecuteAsync("delete from bandit.migration where name = 'write_key'");

        Assert.That(
            () => Migrator().CheckAsync(default),
            Throws.InstanceOf<MigrationRefusedException>().With.Message.EqualTo(
                "migration bandit 0002_write_key is not applied: run the service with --migrate first"));
    }

    [Test]
    public async Task A_user_who_is_no_superuser_but_may_create_roles_is_enough()
    {
        var user = $"tenant_{Guid.NewGuid():N}";
        await using var admin = await _test.Admin.OpenConnectionAsync();
        await admin.ExecuteAsync($"create role {user} login createrole password 'p'; "
            + $"grant create on database {admin.Database} to {user}");
        var address = new NpgsqlConnectionStringBuilder(_test.Url) { Username = user, Password = "p" };
        await using var managed = new ServiceDatabase(
            "managed", new DatabaseOptions { Url = address.ConnectionString, RolePrefix = user[..12] },
            NullLoggerFactory.Instance);

        var applied = await Migrator(managed).MigrateAsync(default);

        await using var work = await managed.ForOrganisationAsync(Guid.NewGuid(), default);
        Assert.That(applied, Is.EqualTo(Migrator(managed).Known.Count));
        Assert.That(await work.QueryAsync<string>("select current_user::text", null, default),
            Is.EqualTo(new[] { managed.Roles.Request }));
        await DropRolesAsync(admin, managed.Roles, user);
    }

    [Test]
    public async Task A_user_who_may_not_is_told_what_an_administrator_is_to_run()
    {
        var user = $"tenant_{Guid.NewGuid():N}";
        await using var admin = await _test.Admin.OpenConnectionAsync();
        await admin.ExecuteAsync($"create role {user} login password 'p'");
        var address = new NpgsqlConnectionStringBuilder(_test.Url) { Username = user, Password = "p" };
        await using var managed = new ServiceDatabase(
            "managed", new DatabaseOptions { Url = address.ConnectionString, RolePrefix = user[..12] },
            NullLoggerFactory.Instance);

        var refusal = Assert.ThrowsAsync<MigrationRefusedException>(() => Migrator(managed).MigrateAsync(default));

        Assert.That(refusal!.Message, Does.Contain($"create role {managed.Roles.Owner} nologin"));
        await admin.ExecuteAsync($"drop role {user}");
    }

    private Migrator Migrator() => Migrator(_test.Database);

    private Migrator Migrator(IReadOnlyList<Migration> more) =>
        new(_test.Database, [.. Migrator().Known, .. more], NullLogger<Migrator>.Instance);

    private static Migrator Migrator(ServiceDatabase database) =>
        new(database, Migration.Of(database.Service, Own), NullLogger<Migrator>.Instance);

    private static async Task DropRolesAsync(NpgsqlConnection admin, ServiceRoles roles, string user)
    {
        await admin.ExecuteAsync($"drop schema {roles.Service} cascade");
        foreach (var role in roles.All) await admin.ExecuteAsync($"drop owned by {role}; drop role {role}");
        await admin.ExecuteAsync($"drop owned by {user}; drop role {user}");
    }
}
