using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;
using Polly;

namespace Tributary.Postgres;

/// <summary>
/// A service's schema, opened under roles that can't bypass row-level security. Thread-safe; one per service.
/// Every transaction says for which organisations it is; one that does not sees no row.
/// </summary>
public sealed class ServiceDatabase : IAsyncDisposable
{
    private readonly NpgsqlDataSource _requests;
    private readonly NpgsqlDataSource _consumers;
    private readonly NpgsqlDataSource _relay;
    private readonly ResiliencePipeline _transient = TransientFaults.Retried();

    internal ServiceDatabase(string service, DatabaseOptions options, ILoggerFactory loggers)
    {
        Roles = new(options.RolePrefix, service);
        Options = options;
        Loggers = loggers;
        _requests = Open(Roles.Request, pool => pool.MaxPoolSize = options.RequestConnectionsMax);
        _consumers = Open(Roles.Consumer, pool => pool.MaxPoolSize = options.ConsumerConnectionsMax);
        _relay = Open(Roles.Relay, pool => pool.MaxPoolSize = 2);
    }

    public string Service => Roles.Service;

    internal ServiceRoles Roles { get; }
    internal DatabaseOptions Options { get; }
    internal ILoggerFactory Loggers { get; }
    internal NpgsqlDataSource Consumers => _consumers;
    internal NpgsqlDataSource Relay => _relay;

    /// <summary>A request's transaction, for its one organisation.</summary>
    public Task<Work> ForOrganisationAsync(Guid organisation, CancellationToken cancellationToken) =>
        Work.BeginAsync(_requests, [organisation], cancellationToken);

    /// <summary>A consumer's transaction, for the organisations of its batch; repeats are welcome.</summary>
    public Task<Work> ForOrganisationsAsync(IEnumerable<Guid> organisations, CancellationToken cancellationToken) =>
        Work.BeginAsync(_consumers, organisations, cancellationToken);

    /// <summary>A request's transaction before its organisation is known: sees no row but through look-ups.</summary>
    public Task<Work> WithoutOrganisationAsync(CancellationToken cancellationToken) =>
        Work.BeginAsync(_requests, [], cancellationToken);

    /// <summary>
    /// Runs a whole unit of work, from its <c>For…</c> to its commit, and again when a transient fault undid it.
    /// Not again when the connection was lost during the commit, which may have happened.
    /// </summary>
    public async Task<TResult> RetryAsync<TResult>(
        Func<CancellationToken, Task<TResult>> work, CancellationToken cancellationToken) =>
        await _transient.ExecuteAsync(async token => await work(token), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _requests.DisposeAsync();
        await _consumers.DisposeAsync();
        await _relay.DisposeAsync();
    }

    /// <summary>Closes idle connections.</summary>
    internal void Clear()
    {
        _requests.Clear();
        _consumers.Clear();
        _relay.Clear();
    }

    /// <summary>As the user of the URL, who makes the schema and the roles and does nothing else.</summary>
    internal NpgsqlDataSource OpenAsUser() => Build(null, pool => pool.Pooling = false).Build();

    internal NpgsqlDataSource OpenAsOwner() => Open(Roles.Owner, pool =>
    {
        pool.Pooling = false;
        pool.CommandTimeout = 0; // A migration takes as long as it takes.
        pool.Options += " -c statement_timeout=0 -c idle_in_transaction_session_timeout=0";
    });

    internal NpgsqlDataSource Open(string role, Action<NpgsqlConnectionStringBuilder> adjust)
    {
        var builder = Build(role, adjust);
        builder.UsePhysicalConnectionInitializer(
            connection => TakenRole.Check(connection, role),
            connection => TakenRole.CheckAsync(connection, role));
        return builder.Build();
    }

    private NpgsqlDataSourceBuilder Build(string? role, Action<NpgsqlConnectionStringBuilder> adjust)
    {
        var address = DatabaseAddress.Parse(Options.Url);
        if (role is not null) address.SearchPath = $"{Service},pg_temp"; // Last, or a temporary table would be first.
        address.ApplicationName ??= $"tributary-{Service}";
        address.MaxAutoPrepare = 100;
        address.AutoPrepareMinUsages = 2;
        address.CommandTimeout = (int)Options.StatementMax.TotalSeconds + 5; // The server's own limit comes first.
        address.Options = string.Join(' ', address.Options, Settings(role)).Trim();
        adjust(address);

        var builder = new NpgsqlDataSourceBuilder(address.ConnectionString) { Name = role ?? $"{Service} set-up" };
        return builder.UseLoggerFactory(Loggers);
    }

    /// <summary>
    /// Start-up parameters, because those are what a pooled connection falls back to when it is reset: a role taken
    /// by a statement would be left again, to the user of the URL.
    /// </summary>
    private string Settings(string? role) => string.Create(CultureInfo.InvariantCulture,
        $"{(role is null ? "" : $"-c role={role} ")}-c statement_timeout={Options.StatementMax.TotalMilliseconds:0} "
        + $"-c idle_in_transaction_session_timeout={Options.TransactionIdleMax.TotalMilliseconds:0} "
        // Who is frozen in the middle of an answer is not idle, and no statement's limit reaches its session.
        + $"-c tcp_user_timeout={Options.TransactionIdleMax.TotalMilliseconds:0} "
        + $"-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3");
}
