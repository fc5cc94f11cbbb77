using Dapper;
using Npgsql;

namespace Tributary.Postgres.Migrations;

/// <summary>
/// Makes a service's roles and its schema as the user of the URL, who needs CREATEROLE and CREATE on the database where
/// they are not there yet. Names are the service's own and safe to write into a statement.
/// </summary>
internal sealed class SchemaSetUp(ServiceRoles roles)
{
    private const int TriesMax = 20;

    /// <summary>Another process may be at it, for roles also one of another database of the server.</summary>
    private static readonly string[] MadeByAnother =
    [
        PostgresErrorCodes.DuplicateObject, PostgresErrorCodes.DuplicateSchema, PostgresErrorCodes.UniqueViolation,
        PostgresErrorCodes.InternalError, // "tuple concurrently updated"
    ];

    // From PostgreSQL 16 on, who makes a role is its member without the right to take it, until it grants itself that.
    private const string IsMember = """
        select case
            when current_setting('server_version_num')::int >= 160000 then pg_has_role(@member, @role, 'set')
            else pg_has_role(@member, @role, 'member')
        end
        """;

    public async Task ExecuteAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var role in roles.All) await CreateAsync(connection, role, cancellationToken);

            var user = await connection.ExecuteScalarAsync<string>("select current_user::text");
            foreach (var role in roles.Taken) await GrantAsync(connection, role, user!, cancellationToken);
            await GrantAsync(connection, roles.Lookup, roles.Owner, cancellationToken); // To hand functions over to it.
            await CreateSchemaAsync(connection, cancellationToken);
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new MigrationRefusedException(
                $"the user of Database:Url may not set up {roles.Service} ({refused.MessageText}): give it "
                + $"createrole and create on the database, or have an administrator run: {string.Join("; ", ByHand())}",
                refused);
        }
    }

    private IEnumerable<string> ByHand()
    {
        foreach (var role in roles.All) yield return $"create role {role} nologin";
        yield return $"grant {string.Join(", ", roles.Taken)} to <user>";
        yield return $"grant {roles.Lookup} to {roles.Owner}";
        yield return $"create schema {roles.Service} authorization {roles.Owner}";
        foreach (var role in roles.All) yield return $"grant usage on schema {roles.Service} to {role}";
    }

    private static Task CreateAsync(NpgsqlConnection connection, string role, CancellationToken cancellationToken) =>
        UnlessDoneAsync(
            connection, "select exists (select from pg_roles where rolname = @role)", new { role },
            $"create role {role} nologin", cancellationToken);

    private static Task GrantAsync(
        NpgsqlConnection connection, string role, string member, CancellationToken cancellationToken) =>
        UnlessDoneAsync(
            connection, IsMember, new { member, role },
            $"grant {role} to \"{member.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", cancellationToken);

    private async Task CreateSchemaAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await UnlessDoneAsync(
            connection, "select exists (select from pg_namespace where nspname = @schema)",
            new { schema = roles.Service },
            $"create schema {roles.Service} authorization {roles.Owner}", cancellationToken);
        foreach (var role in roles.All)
            await UnlessDoneAsync(
                connection, "select has_schema_privilege(@role, @schema, 'usage')",
                new { role, schema = roles.Service },
                $"set role {roles.Owner}; grant usage on schema {roles.Service} to {role}; reset role",
                cancellationToken);
    }

    private static async Task UnlessDoneAsync(
        NpgsqlConnection connection, string isDone, object parameters, string statement,
        CancellationToken cancellationToken)
    {
        for (var tried = 1; ; tried++)
        {
            var done = new CommandDefinition(isDone, parameters, cancellationToken: cancellationToken);
            if (await connection.ExecuteScalarAsync<bool>(done)) return;

            try
            {
                await connection.ExecuteAsync(new CommandDefinition(statement, cancellationToken: cancellationToken));
                return;
            }
            catch (PostgresException fault) when (tried < TriesMax && MadeByAnother.Contains(fault.SqlState))
            {
            }
        }
    }
}
