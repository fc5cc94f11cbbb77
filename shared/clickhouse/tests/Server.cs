using Tributary.ClickHouse.Native;
using Tributary.EmbeddedClickHouse.Tests;

namespace Tributary.ClickHouse.Tests;

/// <summary>
/// The embedded server, started once, or the one that TRIBUTARY_CLICKHOUSE names; a database for the suite.
/// </summary>
[SetUpFixture]
internal sealed class Server
{
    private static ServerProcess? process;
    private static string folder = "";
    private static bool ready;

    /// <summary>The data of the embedded server; empty for another one.</summary>
    public static string Folder => folder;

    public static string Connection { get; private set; } = "";

    public static ClickHouseClient Client { get; private set; } = null!;

    public static string Database { get; } = $"client_{Guid.NewGuid():n}";

    [OneTimeSetUp]
    public async Task Start()
    {
        var address = Environment.GetEnvironmentVariable("TRIBUTARY_CLICKHOUSE");
        if (string.IsNullOrEmpty(address))
        {
            ServerProcess.NeedsTheEngine();
            folder = Directory.CreateTempSubdirectory("clickhouse-client-").FullName;
            process = await ServerProcess.StartAsync(folder);
            address = process.Address.AbsoluteUri;
        }

        using (var root = new ClickHouseClient(address))
        {
            await root.ExecuteAsync($"create database {Database} engine = Atomic", options: null,
                CancellationToken.None);
        }

        Connection = $"{address.TrimEnd('/')}/{Database}";
        Client = new ClickHouseClient(Connection);
        ready = true;
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (!ready) return;
        await Client.ExecuteAsync($"drop database {Database}", options: null, CancellationToken.None);
        Client.Dispose();
        if (process is null) return;
        await process.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    public static Task Do(string statement) => Client.ExecuteAsync(statement, options: null, CancellationToken.None);

    /// <summary>The first value of the first row.</summary>
    public static async Task<object?> Scalar(string query, QueryOptions? options = null)
    {
        await using var reader = await Client.QueryAsync(query, options, CancellationToken.None);
        while (await reader.ReadAsync(CancellationToken.None))
        {
            if (reader.Block.RowCount > 0) return reader.Block[0].Value(0);
        }

        return null;
    }

    /// <summary>The first column, whole.</summary>
    public static async Task<List<object?>> Column(string query)
    {
        var values = new List<object?>();
        await using var reader = await Client.QueryAsync(query, options: null, CancellationToken.None);
        while (await reader.ReadAsync(CancellationToken.None))
        {
            for (var row = 0; row < reader.Block.RowCount; row++) values.Add(reader.Block[0].Value(row));
        }

        return values;
    }

    public static async Task<string> Table(string columns, string engine = "MergeTree order by tuple()")
    {
        var name = $"t_{Guid.NewGuid():n}";
        await Client.ExecuteAsync($"create table {name} ({columns}) engine = {engine}",
            new QueryOptions { Settings = new Dictionary<string, string> { ["flatten_nested"] = "0" } },
                CancellationToken.None);
        return name;
    }

    public static Task<InsertOutcome> Insert(string table, Block block, string token = "") =>
        Client.InsertAsync(table, block,
        new InsertOptions { DeduplicationToken = token }, CancellationToken.None);
}
