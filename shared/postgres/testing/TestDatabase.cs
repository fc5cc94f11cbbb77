using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Tributary.Postgres.Migrations;
using Tributary.Testing;

namespace Tributary.Postgres.Testing;

/// <summary>
/// A database of its own on the server of <c>TEST_POSTGRES</c>, with a service's schema as its migrations make it;
/// dropped with the fixture. The first of a kind migrates a template, the others copy it.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly string _server;
    private readonly string _name;

    private TestDatabase(string server, string name, string service)
    {
        _server = server;
        _name = name;
        Url = new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;
        Admin = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(Url) { SearchPath = $"{service},pg_temp", MaxPoolSize = 4 });
        Database = new(service, new DatabaseOptions { Url = Url }, NullLoggerFactory.Instance);
    }

    /// <summary>For <c>Database:Url</c> of a host under test.</summary>
    public string Url { get; }

    public ServiceDatabase Database { get; }

    /// <summary>The server's superuser, whom no policy binds: for looking, never for what is tested.</summary>
    public NpgsqlDataSource Admin { get; }

    /// <param name="migrations">The assembly that embeds the service's <c>migrations/*.sql</c>.</param>
    public static async Task<TestDatabase> CreateAsync(string service, Assembly migrations)
    {
        var server = Server();
        var template = await TemplateAsync(server, service, migrations);
        var name = $"test_{service}_{Guid.NewGuid():N}";
        await OnServerAsync(
            server, connection => connection.ExecuteAsync($"create database {name} template {template}"));
        return new(server, name, service);
    }

    /// <summary>An empty database: for tests of what a first start does.</summary>
    public static async Task<TestDatabase> CreateEmptyAsync(string service)
    {
        var server = Server();
        var name = $"test_{service}_{Guid.NewGuid():N}";
        await OnServerAsync(server, connection => connection.ExecuteAsync($"create database {name}"));
        return new(server, name, service);
    }

    /// <summary>A copy as a backup would restore it. Nothing may be under way in this one.</summary>
    public async Task<TestDatabase> CopyAsync()
    {
        var name = $"test_{Database.Service}_{Guid.NewGuid():N}";
        Admin.Clear();
        Database.Clear();
        await OnServerAsync(
            _server, connection => connection.ExecuteAsync($"create database {name} template {_name}"));
        return new(_server, name, Database.Service);
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await Admin.DisposeAsync();
        await OnServerAsync(_server, connection => connection.ExecuteAsync($"drop database {_name} with (force)"));
    }

    /// <summary>Named by what it holds, and by its name complete: it is renamed to it when it is migrated.</summary>
    private static async Task<string> TemplateAsync(string server, string service, Assembly migrations)
    {
        var made = new TestDatabase(server, $"template_{Guid.NewGuid():N}", service);
        var migrator = new Migrator(made.Database, Migration.Of(service, migrations), NullLogger<Migrator>.Instance);
        var template = $"template_{service}_{Digest(migrator.Known)}";

        await OnServerAsync(server, async connection =>
        {
            await connection.ExecuteAsync($"select pg_advisory_lock(hashtext('{template}'))");
            if (await connection.ExecuteScalarAsync<bool>(
                    $"select exists (select from pg_database where datname = '{template}')"))
                return;

            await connection.ExecuteAsync($"create database {made._name}");
            await migrator.MigrateAsync(CancellationToken.None);
            await connection.ExecuteAsync($"alter database {made._name} rename to {template}");
        });
        await made.Database.DisposeAsync();
        await made.Admin.DisposeAsync();
        return template;
    }

    private static string Digest(IReadOnlyList<Migration> migrations) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(migrations.Select(one => $"{one}{one.Checksum}")))))[..16];

    private static string Server()
    {
        var address = RealService.Address("TEST_POSTGRES");
        return address.Contains("://", StringComparison.Ordinal)
            ? DatabaseAddress.Parse(address).ConnectionString
            : address;
    }

    private static async Task OnServerAsync(string server, Func<NpgsqlConnection, Task> work)
    {
        var address = new NpgsqlConnectionStringBuilder(server) { Pooling = false };
        await using var connection = new NpgsqlConnection(address.ConnectionString);
        await connection.OpenAsync();
        await work(connection);
    }
}
