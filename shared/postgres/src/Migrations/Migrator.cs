using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Tributary.Postgres.Migrations;

/// <summary>
/// Brings a service's schema to this build: roles and schema as the URL's user, then each migration as the owner, in a
/// transaction with its line, under the schema's advisory lock. Forward only. May run in several processes at once.
/// </summary>
internal sealed partial class Migrator(
    ServiceDatabase database, IReadOnlyList<Migration> migrations, ILogger<Migrator> logger)
{
    private const string CreateTable = """
        create table if not exists migration (
            source text not null,
            number int not null,
            name text not null,
            checksum text not null,
            applied_at timestamptz not null default now(),
            primary key (source, number)
        )
        """;

    private const string Applied = """
        select source as Source, number as Number, name as Name, checksum as Checksum
        from migration
        order by source, number
        """;

    private const string Insert = """
        insert into migration (source, number, name, checksum)
        values (@Source, @Number, @Name, @Checksum)
        """;

    private const string Lock = "select pg_advisory_lock(hashtextextended('tributary migration of ' || @service, 0))";

    public IReadOnlyList<Migration> Known => migrations;

    /// <returns>How many were applied.</returns>
    public async Task<int> MigrateAsync(CancellationToken cancellationToken)
    {
        await using (var user = database.OpenAsUser())
        await using (var connection = await user.OpenConnectionAsync(cancellationToken))
        {
            await new SchemaSetUp(database.Roles).ExecuteAsync(connection, cancellationToken);
        }

        await using var owner = database.OpenAsOwner();
        await using var migrating = await owner.OpenConnectionAsync(cancellationToken);
        await LockAsync(migrating, cancellationToken); // Freed with the connection, which is not pooled.
        await migrating.ExecuteAsync(new CommandDefinition(CreateTable, cancellationToken: cancellationToken));
        var next = MigrationPlan.Decide(migrations, await AppliedAsync(migrating, cancellationToken));
        foreach (var migration in next) await ApplyAsync(migrating, migration, cancellationToken);
        return next.Count;
    }

    /// <summary>For a start that may not migrate: refuses unless everything is applied.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        await using var owner = database.OpenAsOwner();
        await using var connection = await owner.OpenConnectionAsync(cancellationToken);
        IReadOnlyList<AppliedMigration> applied;
        try
        {
            applied = await AppliedAsync(connection, cancellationToken);
        }
        catch (PostgresException missing) when (missing.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            applied = [];
        }

        if (MigrationPlan.Decide(migrations, applied) is [var next, ..])
            throw new MigrationRefusedException(
                $"migration {next} is not applied: run the service with --migrate first");
    }

    private async Task LockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(database.Options.StartWaitMax);
        try
        {
            await connection.ExecuteAsync(
                new CommandDefinition(Lock, new { service = database.Service }, cancellationToken: bounded.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MigrationRefusedException(
                $"another process has been migrating {database.Service} for longer than Database:StartWaitMax");
        }
    }

    private static async Task<IReadOnlyList<AppliedMigration>> AppliedAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<AppliedMigration>(
            new CommandDefinition(Applied, cancellationToken: cancellationToken))).AsList();

    private async Task ApplyAsync(
        NpgsqlConnection connection, Migration migration, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            await using (var script = new NpgsqlCommand(AsOneStatement(migration), connection, transaction))
                await script.ExecuteNonQueryAsync(cancellationToken);
            await connection.ExecuteAsync(
                new CommandDefinition(Insert, migration, transaction, cancellationToken: cancellationToken));
            await transaction.CommitAsync(cancellationToken);
        }
        catch (PostgresException fault)
        {
            throw new MigrationRefusedException($"migration {migration} failed: {fault.MessageText}", fault);
        }

        MigrationApplied(migration.ToString());
    }

    /// <summary>So that the server splits the script, not the client, and refuses a commit inside it.</summary>
    private static string AsOneStatement(Migration migration) =>
        $"do $tributary_script$ begin execute $tributary_sql${migration.Sql}$tributary_sql$; end $tributary_script$";

    [LoggerMessage(LogLevel.Information, "Applied migration {Migration}")]
    private partial void MigrationApplied(string migration);
}
