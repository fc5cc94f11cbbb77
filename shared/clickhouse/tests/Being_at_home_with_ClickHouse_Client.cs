using System.Data;
using System.Data.Common;

namespace Tributary.ClickHouse.Tests;

public class Being_at_home_with_ClickHouse_Client
{
    [Test]
    public async Task A_statement_a_value_and_rows_are_asked_for_in_a_line()
    {
        await using var connection = new ClickHouseConnection(Server.Connection);
        var table = $"lines_{Guid.NewGuid():n}";

        await connection.ExecuteStatementAsync($"create table {table} (id UInt64) engine = Memory",
            CancellationToken.None);
        await connection.ExecuteStatementAsync($"insert into {table} values (7), (8)", CancellationToken.None);
        var sum = await connection.ExecuteScalarAsync($"select sum(id) from {table}", CancellationToken.None);
        var rows = await connection.ExecuteDataTableAsync($"select id, null as nothing from {table} order by id",
            CancellationToken.None);

        Assert.Multiple(() =>
        {
            Assert.That(sum, Is.EqualTo(15UL));
            Assert.That(rows.Rows.Cast<DataRow>().Select(row => row["id"]), Is.EqualTo(new[] { 7UL, 8UL }));
            Assert.That(rows.Rows[0].IsNull("nothing"), Is.True);
        });
    }

    [Test]
    public async Task A_parameter_takes_the_type_that_it_is_given()
    {
        await using var connection = new ClickHouseConnection(Server.Connection);
        await using var command = connection.CreateCommand("select toTypeName(@small), {plain:String}");
        command.AddParameter("small", "UInt8", 7);
        command.AddParameter("plain", "it's");

        await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
        await reader.ReadAsync(CancellationToken.None);

        Assert.That((reader.GetString(0), reader.GetString(1)), Is.EqualTo(("UInt8", "it's")));
    }

    [Test]
    public async Task What_knows_databases_by_their_factory_gets_this_one()
    {
        await using DbConnection connection = new ClickHouseConnection(Server.Connection);
        var factory = DbProviderFactories.GetFactory(connection)!;
        await using var made = factory.CreateConnection()!;
        made.ConnectionString = connection.ConnectionString;
        await using var command = factory.CreateCommand()!;
        command.Connection = made;
        command.CommandText = "select 7";

        Assert.That(await command.ExecuteScalarAsync(CancellationToken.None), Is.EqualTo(7));
    }

    [Test]
    public async Task Tables_and_columns_are_found_by_their_names()
    {
        await using var connection = new ClickHouseConnection(Server.Connection);
        var table = $"found_{Guid.NewGuid():n}";
        await connection.ExecuteStatementAsync(
            $"create table {table} (id UInt64, name Nullable(String) comment 'Its name.') engine = Memory",
            CancellationToken.None);

        var tables = connection.GetSchema("Tables", [Server.Database, table]);
        var columns = connection.GetSchema("Columns", [Server.Database, table]);

        Assert.Multiple(() =>
        {
            Assert.That(tables.Rows.Cast<DataRow>().Select(row => row["Engine"]), Is.EqualTo(new[] { "Memory" }));
            Assert.That(columns.Rows.Cast<DataRow>().Select(row => $"{row["Name"]} {row["ProviderType"]}"),
                Is.EqualTo(new[] { "id UInt64", "name Nullable(String)" }));
            Assert.That(columns.Rows[1]["Comment"], Is.EqualTo("Its name."));
            Assert.That(() => connection.GetSchema("Indexes"), Throws.ArgumentException);
        });
    }

    [Test]
    public async Task A_session_keeps_a_temporary_table_and_what_was_set()
    {
        await using var connection = new ClickHouseConnection(With("UseSession", "true"));

        await connection.ExecuteStatementAsync("create temporary table kept (id UInt64)", CancellationToken.None);
        await connection.ExecuteStatementAsync("set max_block_size = 1234", CancellationToken.None);
        await connection.ExecuteStatementAsync("insert into kept values (7)", CancellationToken.None);

        Assert.Multiple(async () =>
        {
            Assert.That(await connection.ExecuteScalarAsync("select id from kept", CancellationToken.None),
                Is.EqualTo(7UL));
            Assert.That(await connection.ExecuteScalarAsync("select getSetting('max_block_size')",
                CancellationToken.None), Is.EqualTo(1234UL));
        });
    }

    [Test]
    public async Task Settings_of_the_connection_are_those_of_every_statement_but_for_its_own()
    {
        const string Ask = "select getSetting('max_block_size')";
        await using var connection = new ClickHouseConnection(With("set_max_block_size", "4321"));
        await using var command = connection.CreateCommand(Ask);
        command.CustomSettings["max_block_size"] = "99";

        Assert.Multiple(async () =>
        {
            Assert.That(await connection.ExecuteScalarAsync(Ask, CancellationToken.None), Is.EqualTo(4321UL));
            Assert.That(await command.ExecuteScalarAsync(CancellationToken.None), Is.EqualTo(99UL));
        });
    }

    private static string With(string key, string value) =>
        new ClickHouseConnectionStringBuilder(Server.Connection) { [key] = value }.ConnectionString;
}
