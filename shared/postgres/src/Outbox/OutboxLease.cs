using System.Text.Json;
using Dapper;
using Npgsql;

namespace Tributary.Postgres.Outbox;

/// <summary>
/// The right to relay an outbox: a session of the relay's role that holds its advisory lock. The server ends a silent
/// session after the lease's time, so a frozen holder can't keep others out, and its mark fails when it wakes.
/// Used by one relay at a time, a call at a time.
/// </summary>
internal sealed class OutboxLease : IAsyncDisposable
{
    private const int DeletedMax = 1_000;

    private const string TryLock =
        "select pg_try_advisory_lock(hashtextextended('tributary outbox of ' || @service, 0))";

    private const string Unsent = """
        select outbox_id, position, topic, key, value, headers::text
        from outbox
        where position > (select position from outbox_sent)
        order by position
        limit @limit
        """;

    // Only ever upwards: one who was frozen may come late.
    private const string MarkSent = """
        update outbox_sent
        set position = @last
        where position < @last
        """;

    private const string DeleteOld = """
        delete from outbox
        where position = any(array(
            select position
            from outbox
            where position <= (select position from outbox_sent)
              and appended_at < now() - @keep
            order by position
            limit @deletedMax))
        """;

    private const string MeasureLag = """
        select head.position - sent.position as Messages,
            coalesce((
                select extract(epoch from clock_timestamp() - appended_at)
                from outbox
                where outbox.position > sent.position
                order by outbox.position
                limit 1), 0)::float8 as AgeSeconds
        from outbox_head as head, outbox_sent as sent
        """;

    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection _connection;
    private readonly OutboxOptions _options;
    private bool _woken;

    private OutboxLease(NpgsqlDataSource source, NpgsqlConnection connection, OutboxOptions options)
    {
        _source = source;
        _connection = connection;
        _options = options;
        connection.Notification += (_, _) => _woken = true; // Also in the middle of another statement's answer.
    }

    /// <summary>Null while another relay holds it.</summary>
    public static async Task<OutboxLease?> TryTakeAsync(
        ServiceDatabase database, OutboxOptions options, CancellationToken cancellationToken)
    {
        var source = database.Open(database.Roles.Relay, session =>
        {
            session.Pooling = false; // The lock is the session's.
            var silence = (long)options.LeaseMax.TotalMilliseconds;
            session.Options += $" -c idle_session_timeout={silence} -c tcp_user_timeout={silence}";
        });
        var lease = new OutboxLease(source, await OpenAsync(source, cancellationToken), options);
        try
        {
            var service = database.Service;
            if (await lease._connection.ExecuteScalarAsync<bool>(
                    new CommandDefinition(TryLock, new { service }, cancellationToken: cancellationToken)))
            {
                await lease.ExecuteAsync($"listen \"outbox.{service}\"", null, cancellationToken);
                return lease;
            }
        }
        catch
        {
            await lease.DisposeAsync();
            throw;
        }

        await lease.DisposeAsync();
        return null;
    }

    /// <summary>The next messages in order, bounded by count and bytes.</summary>
    public async Task<IReadOnlyList<OutboxEntry>> ReadAsync(CancellationToken cancellationToken)
    {
        _woken = false;
        var entries = new List<OutboxEntry>();
        var bytes = 0;
        await using var command = new NpgsqlCommand(Unsent, _connection);
        command.Parameters.Add(new("limit", _options.BatchMessagesMax));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var entry = await EntryAsync(reader, cancellationToken);
            bytes += entry.Bytes;
            if (bytes > _options.BatchBytesMax && entries.Count > 0) break;
            entries.Add(entry);
        }

        return entries;
    }

    public Task MarkSentAsync(long last, CancellationToken cancellationToken) =>
        ExecuteAsync(MarkSent, new { last }, cancellationToken);

    /// <returns>Whether there may be more.</returns>
    public async Task<bool> DeleteOldAsync(CancellationToken cancellationToken) =>
        await ExecuteAsync(DeleteOld, new { keep = _options.KeepSent, deletedMax = DeletedMax }, cancellationToken)
            == DeletedMax;

    /// <summary>Also keeps the session from being silent; throws when it is lost.</summary>
    public Task<OutboxLag> MeasureAsync(CancellationToken cancellationToken) =>
        _connection.QuerySingleAsync<OutboxLag>(
            new CommandDefinition(MeasureLag, cancellationToken: cancellationToken));

    /// <summary>Returns when something was committed since the last read, or after the poll interval.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        var silence = _options.LeaseMax / 2;
        if (!_woken)
            await _connection.WaitAsync(
                _options.PollInterval < silence ? _options.PollInterval : silence, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _source.DisposeAsync();
    }

    private static async Task<NpgsqlConnection> OpenAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        try
        {
            return await source.OpenConnectionAsync(cancellationToken);
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    private Task<int> ExecuteAsync(string sql, object? parameters, CancellationToken cancellationToken) =>
        _connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));

    private static async Task<OutboxEntry> EntryAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var key = await reader.IsDBNullAsync(3, cancellationToken)
            ? null
            : await reader.GetFieldValueAsync<byte[]>(3, cancellationToken);
        var value = await reader.GetFieldValueAsync<byte[]>(4, cancellationToken);
        var headers = JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(5))!;
        return new(reader.GetGuid(0), reader.GetInt64(1), new(reader.GetString(2), key, value, headers));
    }
}

/// <summary>What is committed and not sent: how many, and how old the oldest is.</summary>
internal sealed record OutboxLag(long Messages, double AgeSeconds);
