using System.Diagnostics;
using System.Text;
using Dapper;
using Google.Protobuf;
using Npgsql;
using Tributary.Contracts;
using Tributary.Postgres.Outbox;

namespace Tributary.Postgres;

/// <summary>
/// One transaction under a role that sees the rows of its organisations only. Disposed without a commit, nothing of it
/// is kept, messages included. Not thread-safe.
/// </summary>
public sealed class Work : IAsyncDisposable
{
    private readonly List<OutboxMessage> _published = [];

    private Work(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        Connection = connection;
        Transaction = transaction;
    }

    public NpgsqlConnection Connection { get; }

    public NpgsqlTransaction Transaction { get; }

    public Task<int> ExecuteAsync(string sql, object? parameters, CancellationToken cancellationToken) =>
        Connection.ExecuteAsync(Command(sql, parameters, cancellationToken));

    public async Task<IReadOnlyList<TRow>> QueryAsync<TRow>(
        string sql, object? parameters, CancellationToken cancellationToken) =>
        (await Connection.QueryAsync<TRow>(Command(sql, parameters, cancellationToken))).AsList();

    /// <summary>
    /// Commits; what was published becomes the transaction's last statement, so nothing can follow it and the outbox's
    /// head is locked no longer than that.
    /// </summary>
    /// <exception cref="CommitUnknownException">The connection was lost meanwhile: it may have happened.</exception>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        if (_published.Count > 0) await OutboxAppend.ExecuteAsync(this, _published, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            // A commit alone would end a transaction in which a statement failed without a word, keeping nothing;
            // any statement before it is refused then. Not cancelled: half way, no one would know the outcome.
            await using var commit = new NpgsqlBatch(Connection, Transaction)
            {
                BatchCommands = { new("select 1"), new("commit") },
            };
            await commit.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception fault) when (!IsRefusal(fault))
        {
            throw new CommitUnknownException(fault);
        }
    }

    /// <summary>
    /// Will be in the outbox with the commit, and in Kafka after it, in the order of commits. In memory until then.
    /// </summary>
    public void Publish<TEvent>(Topic<TEvent> topic, TEvent published) where TEvent : IMessage<TEvent>
    {
        const int Envelope = 1 << 10; // Headers, and what Kafka adds to a record.
        var (key, value) = (Encoding.UTF8.GetBytes(topic.Key(published)), published.ToByteArray());
        if (key.Length + value.Length + Envelope > topic.MessageBytesMax) // Committed, it would stop the relay.
            throw new ArgumentException($"{value.Length} bytes are more than {topic.Name} takes", nameof(published));

        Publish(new(topic.Name, key, value, TraceOf(Activity.Current)));
    }

    internal void Publish(OutboxMessage message) => _published.Add(message);

    public async ValueTask DisposeAsync()
    {
        await Transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }

    internal static async Task<Work> BeginAsync(
        NpgsqlDataSource source, IEnumerable<Guid> organisations, CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var work = new Work(connection, transaction);
            await work.ExecuteAsync(
                "select set_config('tributary.organisations', @list, true)",
                new { list = string.Join(',', organisations.Distinct()) },
                cancellationToken);
            return work;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private CommandDefinition Command(string sql, object? parameters, CancellationToken cancellationToken) =>
        new(sql, parameters, Transaction, cancellationToken: cancellationToken);

    private static Dictionary<string, string> TraceOf(Activity? activity) =>
        activity is { IdFormat: ActivityIdFormat.W3C, Id: { } id } ? new() { ["traceparent"] = id } : [];

    /// <summary>An ERROR is an answer: rolled back. FATAL, or no answer, may come after the commit was kept.</summary>
    private static bool IsRefusal(Exception fault) => fault is PostgresException { InvariantSeverity: "ERROR" };
}

/// <summary>
/// It is not known whether the transaction was kept. A reader reads its stored offset anew; a request answers that it
/// does not know.
/// </summary>
public sealed class CommitUnknownException(Exception cause)
    : Exception("the connection was lost during a commit, which may or may not have happened", cause);
