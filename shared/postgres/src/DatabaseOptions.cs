using System.ComponentModel.DataAnnotations;

namespace Tributary.Postgres;

/// <summary>The section <c>Database</c>: one PostgreSQL, in it a schema and roles for each service.</summary>
public sealed class DatabaseOptions
{
    /// <summary>A <c>postgres://user:password@host:port/name</c> URL or an Npgsql connection string.</summary>
    [Required]
    public string Url { get; init; } = "";

    /// <summary>False: a start only checks that all are applied, by someone else's <c>--migrate</c>.</summary>
    public bool Migrate { get; init; } = true;

    /// <summary>What the names of roles begin with; another one per installation that shares a server.</summary>
    [RegularExpression("[a-z][a-z0-9_]{0,19}")]
    public string RolePrefix { get; init; } = "tributary";

    /// <summary>Connections for requests, per service and process.</summary>
    [Range(1, 200)]
    public int RequestConnectionsMax { get; init; } = 16;

    /// <summary>Connections for consumers' batches, per service and process.</summary>
    [Range(1, 200)]
    public int ConsumerConnectionsMax { get; init; } = 8;

    /// <summary>How long a statement may run.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan StatementMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a transaction may idle: the longest that a frozen process holds locks.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan TransactionIdleMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a start waits for a database that is absent, and for another's migration.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:30:00")]
    public TimeSpan StartWaitMax { get; init; } = TimeSpan.FromSeconds(60);
}
