using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Tributary.Postgres.Migrations;
using Tributary.Postgres.Testing;
using Tributary.Streaming;

namespace Tributary.Postgres.Tests;

[Category("Integration")]
public sealed class Starting_a_service
{
    private TestDatabase _test = null!;

    [SetUp]
    public async Task Create() => _test = await TestDatabase.CreateEmptyAsync("bandit");

    [TearDown]
    public async Task Drop() => await (_test?.DisposeAsync() ?? default);

    [Test]
    public async Task Several_services_migrate_in_one_host_before_any_of_them_starts()
    {
        using var host = Built(_test.Url, "bandit", "rules");

        await host.StartAsync();

        Assert.That(host.Services.GetRequiredKeyedService<Probe>("probe").SawMigrated, Is.True);
        Assert.That(host.Services.GetRequiredKeyedService<IOffsetStore>("rules"), Is.Not.Null);
        var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.That(health.Entries.Keys, Is.EquivalentTo(new[] { "postgres-bandit", "postgres-rules" }));
        Assert.That(health.Status, Is.EqualTo(HealthStatus.Healthy));
        await host.StopAsync();
    }

    [Test]
    public async Task Migrating_alone_ends_with_a_migrated_database()
    {
        var first = await Built(_test.Url, "bandit").RunOrMigrateAsync(["--migrate"]);
        var renewed = await Built(_test.Url, "bandit").RunOrMigrateAsync(["--renew-outbox"]);

        await using var work = await _test.Database.WithoutOrganisationAsync(default);
        Assert.That((first, renewed), Is.EqualTo((0, 0)));
        Assert.That(await work.QueryAsync<long>("select count(*) from arm", null, default), Is.EqualTo(new[] { 0L }));
    }

    [Test]
    public async Task Migrating_alone_fails_with_a_code_where_it_can_not()
    {
        var nowhere = new NpgsqlConnectionStringBuilder(_test.Url) { Database = "no_such_database" }.ConnectionString;

        Assert.That(await Built(nowhere, "bandit").RunOrMigrateAsync(["--migrate"]), Is.EqualTo(1));
    }

    [Test]
    public void An_address_that_can_not_be_used_stops_the_start_by_its_keys_name()
    {
        using var host = Built("postgres://nobody:s3cret@", "bandit");

        var refusal = Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.That(refusal!.Message, Does.Contain("Database:Url (DATABASE_URL)").And.Not.Contains("s3cret"));
    }

    [Test]
    public void A_database_that_does_not_answer_is_waited_for_within_the_bound()
    {
        var silent = new NpgsqlConnectionStringBuilder(_test.Url) { Port = 1 }.ConnectionString;
        using var host = Built(silent, "bandit");

        var refusal = Assert.ThrowsAsync<MigrationRefusedException>(() => host.StartAsync());

        Assert.That(refusal!.Message, Does.StartWith("PostgreSQL (Database:Url) did not answer bandit: "));
    }

    private static IHost Built(string url, params string[] services)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:Url"] = url,
            ["Database:StartWaitMax"] = "00:00:02",
        });
        builder.Logging.ClearProviders();
        builder.Services.AddKeyedSingleton<Probe>("probe");
        builder.Services.AddSingleton<IHostedService>(provider => provider.GetRequiredKeyedService<Probe>("probe"));
        foreach (var service in services) builder.AddPostgres(service, typeof(Starting_a_service).Assembly);
        return builder.Build();
    }

    /// <summary>A hosted service that was registered before the databases.</summary>
    private sealed class Probe(IServiceProvider provider) : IHostedService
    {
        public bool SawMigrated { get; private set; }

        public async Task StartAsync(CancellationToken cancellationToken)
        {
            foreach (var service in provider.GetServices<MigratedService>())
            {
                var database = provider.GetRequiredKeyedService<ServiceDatabase>(service.Name);
                await using var work = await database.WithoutOrganisationAsync(cancellationToken);
                await work.QueryAsync<Guid>("select arm_id from arm", null, cancellationToken);
                SawMigrated = true;
            }
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
