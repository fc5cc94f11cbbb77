using Dapper;
using Npgsql;

namespace Tributary.Postgres.Testing;

/// <summary>
/// Puts a row of one organisation into every table and tries to see, write and delete it as another one and as none,
/// under the roles of requests and of consumers. All of it is rolled back.
/// </summary>
internal sealed class TenancyTrial(NpgsqlConnection connection, ServiceRoles roles, TenancyDeclarations declarations)
{
    private const string Tables = """
        select relname
        from pg_class
        where relnamespace = @schema::regnamespace
          and relkind in ('r', 'p')
          and relname <> all(@plumbing)
        order by relname
        """;

    // What stands in the way of a made-up row, in this transaction only.
    private const string LiftChecks = """
        select format('alter table %s drop constraint %I', conrelid::regclass, conname)
        from pg_constraint
        where conrelid = @table::regclass
          and contype in ('c', 'x')
        """;

    private readonly Guid _ours = Guid.NewGuid();

    public async Task<IReadOnlyList<string>> ViolationsAsync()
    {
        List<string> violations = [];
        foreach (var table in await connection.QueryAsync<string>(
                     Tables, new { schema = roles.Service, plumbing = TenancyRules.Plumbing }))
        {
            await using var transaction = await connection.BeginTransactionAsync();
            try
            {
                var insert = await SampleAsync(table);
                foreach (var role in new[] { roles.Request, roles.Consumer })
                {
                    await TryAsync(table, insert, role, "another organisation", Guid.NewGuid(), violations);
                    await TryAsync(table, insert, role, "no organisation", null, violations);
                    await TryOwnAsync(table, role, violations);
                }
            }
            catch (PostgresException fault)
            {
                violations.Add($"table {table} could not be tried, declare a sample for it: {fault.MessageText}");
            }
        }

        return violations;
    }

    /// <returns>The statement that made a row of ours.</returns>
    private async Task<string> SampleAsync(string table)
    {
        await connection.ExecuteAsync("set local session_replication_role = replica"); // No foreign keys, no triggers.
        foreach (var lift in (await connection.QueryAsync<string>(LiftChecks, new { table })).ToList())
            await connection.ExecuteAsync(lift);

        var insert = declarations.Samples.TryGetValue(table, out var declared)
            ? declared
            : await SampleRow.InsertAsync(connection, table);
        await connection.ExecuteAsync(insert, new { organisation = _ours });
        return insert;
    }

    private async Task TryAsync(
        string table, string insert, string role, string who, Guid? organisation, List<string> violations)
    {
        await AsAsync(role, organisation);
        if (!declarations.PublicReads.Contains(table) && await CountAsync($"select count(*) from {table}") > 0)
            violations.Add($"table {table} shows {role} rows to {who}");
        if (await ChangedAsync($"update {table} set organisation = organisation"))
            violations.Add($"table {table} lets {role} update rows as {who}");
        if (await ChangedAsync($"delete from {table}"))
            violations.Add($"table {table} lets {role} delete rows as {who}");
        if (await ChangedAsync(insert))
            violations.Add($"table {table} lets {role} insert a foreign row as {who}");
        await connection.ExecuteAsync("reset role");
    }

    /// <summary>Without this, a table that shows nobody anything would pass.</summary>
    private async Task TryOwnAsync(string table, string role, List<string> violations)
    {
        await AsAsync(role, _ours);
        if (await CountAsync($"select count(*) from {table}") == 0)
            violations.Add($"table {table} hides from {role} its own rows");
        if (await ChangedAsync($"update {table} set organisation = gen_random_uuid()"))
            violations.Add($"table {table} lets {role} give a row to another organisation");
        await connection.ExecuteAsync("reset role");
    }

    private Task<int> AsAsync(string role, Guid? organisation) => connection.ExecuteAsync(
        $"set local role {role}; select set_config('tributary.organisations', @list, true)",
        new { list = organisation?.ToString() ?? "" });

    /// <returns>How many are seen; -1 where the role has no right to look.</returns>
    private async Task<long> CountAsync(string select)
    {
        var count = -1L;
        await InSavepointAsync(async () => count = await connection.ExecuteScalarAsync<long>(select));
        return count;
    }

    private async Task<bool> ChangedAsync(string statement)
    {
        var changed = false;
        await InSavepointAsync(
            async () => changed = await connection.ExecuteAsync(statement, new { organisation = _ours }) > 0);
        return changed;
    }

    /// <summary>Undoes what was tried; being refused is the best answer.</summary>
    private async Task InSavepointAsync(Func<Task> attempt)
    {
        await connection.ExecuteAsync("savepoint attempt");
        try
        {
            await attempt();
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
        }

        await connection.ExecuteAsync("rollback to savepoint attempt");
    }
}
