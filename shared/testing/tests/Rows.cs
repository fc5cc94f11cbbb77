using Dapper;
using Npgsql;
using Tributary.Testing.Crashes;

namespace Tributary.Testing.Tests;

/// <summary>A table as an outlet: its rows in the order in which they were written.</summary>
internal static class Rows
{
    public static Outlet Of(string consumer, string connectionString, string query) => new(
        consumer,
        async cancellationToken =>
        {
            await using var connection = new NpgsqlConnection(connectionString);
            var rows = await connection.QueryAsync<Row>(
                new CommandDefinition(query, cancellationToken: cancellationToken));
            return [.. rows.Select(row => new Sighting(row.Id, row.Place, row.SeenAt))];
        });

    private sealed record Row(string Id, string Place, DateTime SeenAt);
}
