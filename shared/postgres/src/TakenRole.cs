using Npgsql;

namespace Tributary.Postgres;

/// <summary>Refuses a connection that did not take its role (a pooler dropped it), or whose role sees all.</summary>
internal static class TakenRole
{
    private const string Who = """
        select current_user::text, rolsuper or rolbypassrls
        from pg_roles
        where rolname = current_user
        """;

    public static void Check(NpgsqlConnection connection, string role)
    {
        using var command = new NpgsqlCommand(Who, connection);
        using var reader = command.ExecuteReader();
        reader.Read();
        Refuse(reader, role);
    }

    public static async Task CheckAsync(NpgsqlConnection connection, string role)
    {
        await using var command = new NpgsqlCommand(Who, connection);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        Refuse(reader, role);
    }

    private static void Refuse(NpgsqlDataReader reader, string role)
    {
        var taken = reader.GetString(0);
        if (taken != role)
            throw new UnsafeRoleException(
                $"the connection runs as {taken} and not as {role}: does a pooler between drop start-up options?");
        if (reader.GetBoolean(1))
            throw new UnsafeRoleException($"the role {role} bypasses row-level security: alter it to nobypassrls");
    }
}

/// <summary>A connection whose role would not keep organisations apart; it was not used.</summary>
public sealed class UnsafeRoleException(string message) : Exception(message);
