using Microsoft.Extensions.Options;
using Npgsql;
using Tributary.ClickHouse;
using Tributary.Postgres;
using Tributary.ReadModel;

namespace Tributary.Ingestion.Storing;

/// <summary>
/// Brings the read model's schema forward, one process at a time, and tells when it is. ClickHouse may be away at a
/// start: it is tried again until it is done, and what stores rows waits for it.
/// </summary>
internal sealed partial class ReadModelStart(
    ClickHouseClient client, ServiceDatabase database, StoringSurroundings around, IOptions<ReadModelOptions> options,
    ILogger<ReadModelStart> logger) : BackgroundService
{
    private const string Lock = "select pg_try_advisory_xact_lock(hashtextextended('tributary read model', 0))";
    private const string StayIdle = "set local idle_in_transaction_session_timeout = 0";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the tables are as this build knows them.</summary>
    public Task Ready => _ready.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!await TryAsync(stoppingToken)) await Task.Delay(Pause, around.Time, stoppingToken);
        _ready.SetResult();
    }

    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Held by a transaction, so that it is free when this process is gone.
            await using var work = await database.ForOrganisationsAsync([], cancellationToken);
            await work.ExecuteAsync(StayIdle, parameters: null, cancellationToken);
            if (!(await work.QueryAsync<bool>(Lock, parameters: null, cancellationToken))[0]) return false;
            var applied = await ReadModelSchema.MigrateAsync(
                client, around.Database, options.Value, cancellationToken);
            await work.CommitAsync(cancellationToken);
            around.Status.Answers("schema");
            if (applied.Count > 0) Applied(string.Join(", ", applied));
            return true;
        }
        catch (Exception fault) when (fault is ClickHouseException or NpgsqlException or InvalidOperationException
                                          or TimeoutException or CommitUnknownException)
        {
            if (around.Status.Fails("schema", fault.Message)) NotReady(fault.Message);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Information, "Applied to the read model: {Files}")]
    private partial void Applied(string files);

    [LoggerMessage(LogLevel.Warning, "The read model's schema is not brought forward yet: {Reason}")]
    private partial void NotReady(string reason);
}
