using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Tributary.Postgres.Migrations;

/// <summary>Migrates before any hosted service starts; waits for an absent database, with a bound.</summary>
internal sealed partial class MigrateAtStart(
    ServiceDatabase database, Migrator migrator, TimeProvider time, ILogger<MigrateAtStart> logger)
    : IHostedLifecycleService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        while (true)
        {
            try
            {
                if (database.Options.Migrate) await migrator.MigrateAsync(cancellationToken);
                else await migrator.CheckAsync(cancellationToken);
                return;
            }
            catch (NpgsqlException fault) when (IsAbsent(fault))
            {
                if (time.GetElapsedTime(startedAt) > database.Options.StartWaitMax)
                    throw new MigrationRefusedException(
                        $"PostgreSQL (Database:Url) did not answer {database.Service}: {fault.Message}", fault);
                WaitedForDatabase(database.Service, fault.Message);
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Not there, starting or stopping; a wrong password or name is not waited for.</summary>
    private static bool IsAbsent(NpgsqlException fault) =>
        fault is not PostgresException answer || answer.SqlState.StartsWith("57P", StringComparison.Ordinal);

    [LoggerMessage(LogLevel.Warning, "Waited for the database of {Service}: {Reason}")]
    private partial void WaitedForDatabase(string service, string reason);
}
