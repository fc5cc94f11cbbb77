using Dapper;
using Npgsql;

namespace Tributary.Postgres.Testing;

/// <summary>What a service declares about its schema, beyond what its migrations say by themselves.</summary>
public sealed record TenancyDeclarations
{
    public static readonly TenancyDeclarations None = new();

    /// <summary>Functions that look across organisations, as <c>find_key(bytea)</c>.</summary>
    public IReadOnlyList<string> Lookups { get; init; } = [];

    /// <summary>Tables with rows that everyone may read, by a policy for select.</summary>
    public IReadOnlyList<string> PublicReads { get; init; } = [];

    /// <summary>
    /// For a table in which no row of plain values can be inserted: an insert with the parameter <c>@organisation</c>.
    /// </summary>
    public IReadOnlyDictionary<string, string> Samples { get; init; } = new Dictionary<string, string>();
}

/// <summary>
/// The house's rules of tenancy, read from a service's migrated schema and tried on it: every table as another
/// organisation and as none. Each violation is a sentence; a schema that keeps organisations apart has none.
/// </summary>
public static class TenancyRules
{
    /// <summary>The closed list: tables of the service and not of an organisation, without a policy.</summary>
    internal static readonly string[] Plumbing =
        ["block_ledger", "kafka_offset", "migration", "outbox", "outbox_head", "outbox_sent", "rejected_origin"];

    internal static readonly string[] ConsumersPlumbing = ["block_ledger", "kafka_offset", "rejected_origin"];

    public static Task<IReadOnlyList<string>> ViolationsAsync(TestDatabase database) =>
        ViolationsAsync(database, TenancyDeclarations.None);

    public static async Task<IReadOnlyList<string>> ViolationsAsync(
        TestDatabase database, TenancyDeclarations declarations)
    {
        await using var connection = await database.Admin.OpenConnectionAsync();
        var roles = database.Database.Roles;
        return
        [
            .. await CatalogueViolationsAsync(connection, roles, declarations),
            .. await PoliciesOtherThanTheHousesAsync(connection, roles, declarations),
            .. await new TenancyTrial(connection, roles, declarations).ViolationsAsync(),
        ];
    }

    internal static async Task<IReadOnlyList<string>> CatalogueViolationsAsync(
        NpgsqlConnection connection, ServiceRoles roles, TenancyDeclarations declarations)
    {
        List<string> violations = [];
        foreach (var (rule, sql) in TenancyQueries.All)
        {
            var broken = await connection.QueryAsync<string>(sql, Parameters(roles, declarations));
            violations.AddRange(broken.Select(who => $"{who} {rule}"));
        }

        return violations;
    }

    /// <summary>Compared as the server prints it, with the architecture's words on a table made for it.</summary>
    private static async Task<IEnumerable<string>> PoliciesOtherThanTheHousesAsync(
        NpgsqlConnection connection, ServiceRoles roles, TenancyDeclarations declarations)
    {
        await using var transaction = await connection.BeginTransactionAsync(); // Rolled back: the probe goes with it.
        await connection.ExecuteAsync(TenancyQueries.MakeProbe);
        var different = await connection.QueryAsync<string>(
            TenancyQueries.DifferentPolicies, Parameters(roles, declarations));
        return different.ToList();
    }

    private static object Parameters(ServiceRoles roles, TenancyDeclarations declarations) => new
    {
        schema = roles.Service,
        owner = roles.Owner,
        request = roles.Request,
        consumer = roles.Consumer,
        lookup = roles.Lookup,
        roles = roles.All.ToArray(),
        bound = roles.All.Where(role => role != roles.Owner).ToArray(),
        plumbing = Plumbing,
        consumersPlumbing = ConsumersPlumbing,
        lookups = declarations.Lookups.ToArray(),
        publicReads = declarations.PublicReads.ToArray(),
    };
}
