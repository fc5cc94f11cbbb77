using System.ComponentModel.DataAnnotations;

namespace Tributary.EmbeddedClickHouse;

/// <summary>
/// What an operator may set, under <c>ClickHouse</c>; a wrong value stops the process with the key's name.
/// </summary>
internal sealed class EmbeddedClickHouseOptions
{
    /// <summary>The folder that holds the tables. One process at a time.</summary>
    [Required]
    public string Data { get; init; } = "";

    /// <summary>A database that is made at the start where there is none of this name; empty: none.</summary>
    [RegularExpression(@"[A-Za-z_]\w{0,63}")]
    public string Database { get; init; } = "";

    /// <summary>Where the HTTP interface listens.</summary>
    [Required, RegularExpression(@"[^:]+:\d{1,5}")]
    public string Listen { get; init; } = "127.0.0.1:8123";

    /// <summary>
    /// The engine's library; empty: beside this program, or in <c>.tributary/native</c> of a folder above.
    /// </summary>
    public string Library { get; init; } = "";

    /// <summary>Who may do everything.</summary>
    [Required]
    public string AdministratorUser { get; init; } = "default";

    public string AdministratorPassword { get; init; } = "";

    /// <summary>Who may only read. Has no access while its password is empty and the administrator's is not.</summary>
    [Required]
    public string ReadOnlyUser { get; init; } = "readonly";

    public string ReadOnlyPassword { get; init; } = "";

    /// <summary>
    /// Memory that the engine may take in all before queries are refused with code 241. By itself a third of the
    /// machine's or the container's, from 1 to 8 GiB: the rest of a machine's size runs beside it.
    /// </summary>
    [Range(512L * 1024 * 1024, 1L << 42)]
    public long MemoryMax { get; init; } = ShareOfTheMachine;

    /// <summary>
    /// Memory that one query may take; a request may ask for less. By itself three quarters of the engine's.
    /// </summary>
    [Range(64L * 1024 * 1024, 1L << 42)]
    public long QueryMemoryMax { get; init; } = ShareOfTheMachine / 4 * 3;

    /// <summary>
    /// Queries that run at once; what comes after waits for a second and is then refused with code 202.
    /// </summary>
    [Range(1, 1000)]
    public int QueriesMax { get; init; } = 64;

    /// <summary>How long the read-only user's query may run, whatever it asks for.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ReadOnlyTimeMax { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The longest life of a session between two requests.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan SessionTimeoutMax { get; init; } = TimeSpan.FromHours(1);

    [Range(1, 10_000)]
    public int SessionsMax { get; init; } = 1000;

    /// <summary>The folder below which the administrator may write backups and read them.</summary>
    [Required]
    public string Backups { get; init; } = "/";

    private static long ShareOfTheMachine =>
        Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 3, 1L << 30, 8L << 30);

    /// <summary>How long a query stays in <c>system.query_log</c>.</summary>
    [Range(1, 3650)]
    public int QueryLogDays { get; init; } = 30;
}
