using System.Globalization;
using Tributary.ClickHouse;
using Tributary.ClickHouse.Native;
using Tributary.EmbeddedClickHouse.Tests;

namespace Tributary.ReadModel.Tests;

/// <summary>The embedded server, started once, or the one that TRIBUTARY_CLICKHOUSE names.</summary>
[SetUpFixture]
internal sealed class Server
{
    private static ServerProcess? process;
    private static string folder = "";

    public static string Address { get; private set; } = "";

    [OneTimeSetUp]
    public async Task Start()
    {
        Address = Environment.GetEnvironmentVariable("TRIBUTARY_CLICKHOUSE") ?? "";
        if (Address.Length > 0) return;

        ServerProcess.NeedsTheEngine();
        folder = Directory.CreateTempSubdirectory("clickhouse-model-").FullName;
        process = await ServerProcess.StartAsync(folder);
        Address = process.Address.AbsoluteUri;
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (process is null) return;
        await process.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}

/// <summary>A database of its own with the read model in it.</summary>
internal sealed class Model : IAsyncDisposable
{
    private Model(string database)
    {
        Database = database;
        Client = new ClickHouseClient($"{Server.Address.TrimEnd('/')}/{database}");
    }

    public string Database { get; }

    public ClickHouseClient Client { get; }

    public static async Task<Model> CreateAsync()
    {
        var model = new Model($"model_{Guid.NewGuid():n}");
        await model.MigrateAsync();
        return model;
    }

    public Task<IReadOnlyList<string>> MigrateAsync() =>
        ReadModelSchema.MigrateAsync(Client, Database, new ReadModelOptions(), CancellationToken.None);

    /// <summary>A result as text: cells by commas, rows by lines.</summary>
    public async Task<string> Ask(string query, params (string Name, object? Value)[] parameters)
    {
        var lines = new List<string>();
        await using var reader = await Client.QueryAsync(query,
            new QueryOptions
            {
                Parameters = parameters.ToDictionary(parameter => parameter.Name, parameter =>
                parameter.Value)
            },
            CancellationToken.None);
        while (await reader.ReadAsync(CancellationToken.None))
        {
            for (var row = 0; row < reader.Block.RowCount; row++)
            {
                lines.Add(string.Join(",", Enumerable.Range(0, reader.Block.ColumnCount)
                    .Select(index =>
                        Convert.ToString(Plain(reader.Block[index].Value(row)), CultureInfo.InvariantCulture))));
            }
        }

        return string.Join('\n', lines);
    }

    public Task<InsertOutcome> Insert(Block block, string token) => Client.InsertAsync("events", block,
        new InsertOptions { DeduplicationToken = token }, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await Client.ExecuteAsync($"drop database {Database}", options: null, CancellationToken.None);
        Client.Dispose();
    }

    private static object? Plain(object? value) => value switch
    {
        DateTime moment => moment.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ClickHouse.Columns.ClickHouseDecimal money => money.ToDecimal().ToString("0.##", CultureInfo.InvariantCulture),
        decimal money => money.ToString("0.##", CultureInfo.InvariantCulture),
        _ => value,
    };
}
