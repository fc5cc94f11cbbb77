using Tributary.ClickHouse;
using Tributary.ClickHouse.Native;
using Tributary.EmbeddedClickHouse.Tests;
using Tributary.ReadModel;

namespace Tributary.Ingestion.Tests.Finding;

/// <summary>The embedded ClickHouse, started when first asked for, or the one TRIBUTARY_CLICKHOUSE names.</summary>
[SetUpFixture]
internal sealed class FindingServers
{
    private static ServerProcess? process;
    private static string folder = "";

    public static string Address { get; private set; } = "";

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (process is null) return;
        await process.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    public static async Task StartAsync()
    {
        if (Address.Length > 0) return;
        Address = Environment.GetEnvironmentVariable("TRIBUTARY_CLICKHOUSE") ?? "";
        if (Address.Length > 0) return;

        ServerProcess.NeedsTheEngine();
        folder = Directory.CreateTempSubdirectory("clickhouse-finding-").FullName;
        process = await ServerProcess.StartAsync(folder);
        Address = process.Address.AbsoluteUri;
    }
}

/// <summary>A database of its own with the read model in it.</summary>
internal sealed class FindingDatabase : IAsyncDisposable
{
    private readonly string _name = $"finding_{Guid.NewGuid():n}";

    private FindingDatabase() => Client = new ClickHouseClient(Url);

    public string Url => $"{FindingServers.Address.TrimEnd('/')}/{_name}";

    public ClickHouseClient Client { get; }

    public static async Task<FindingDatabase> CreateAsync()
    {
        await FindingServers.StartAsync();
        var database = new FindingDatabase();
        await ReadModelSchema.MigrateAsync(
            database.Client, database._name, new ReadModelOptions(), CancellationToken.None);
        return database;
    }

    public async Task StoreAsync(params IReadOnlyList<Contracts.V1.Event> events)
    {
        var block = Block.Of(
            ("organisation", "UUID"), ("source", "UUID"), ("event", "LowCardinality(String)"),
            ("at", "DateTime64(3, 'UTC')"), ("received_at", "DateTime64(3, 'UTC')"), ("person", "String"),
            ("message_id", "String"), ("type", "LowCardinality(String)"), ("user_id", "String"),
            ("click_ids", "Map(LowCardinality(String), String)"), ("properties", "String"), ("context", "String"));
        foreach (var stored in events)
        {
            object[] values =
            [
                Id(stored.Organisation), Id(stored.Source), stored.Event_, stored.Timestamp.ToDateTime(),
                stored.ReceivedAt.ToDateTime(), stored.UserId, stored.MessageId, stored.Type, stored.UserId,
                stored.ClickIds.ToDictionary(click => click.Name, click => click.Value),
                stored.Properties.ToStringUtf8(), stored.Context.ToStringUtf8(),
            ];
            for (var index = 0; index < values.Length; index++) block[index].AddValue(values[index]);
        }

        await Client.InsertAsync("events", block, options: null, CancellationToken.None);
    }

    public async Task StoreAsync(params IReadOnlyList<Contracts.V1.RejectedEvent> refusals)
    {
        var block = Block.Of(
            ("organisation", "UUID"), ("source", "UUID"), ("received_at", "DateTime64(3, 'UTC')"),
            ("reason", "LowCardinality(String)"), ("rejection", "UUID"), ("detail", "String"),
            ("message_id", "String"), ("body", "String"));
        foreach (var refused in refusals)
        {
            object[] values =
            [
                Id(refused.Organisation), Id(refused.Source), refused.ReceivedAt.ToDateTime(),
                Ingestion.Finding.Reasons.NameOf(refused.Reason), Id(refused.Rejection), refused.Detail,
                refused.MessageId, refused.Body.ToStringUtf8(),
            ];
            for (var index = 0; index < values.Length; index++) block[index].AddValue(values[index]);
        }

        await Client.InsertAsync("events_rejected", block, options: null, CancellationToken.None);
    }

    public Task StoreRepeatsAsync(Guid source, ulong repeats) => Client.ExecuteAsync(
        "insert into events_repeated (organisation, source, at, repeats) "
        + "select {organisation:UUID}, {source:UUID}, now() - interval 1 minute, {repeats:UInt64}",
        new QueryOptions
        {
            Parameters = new Dictionary<string, object?>
            {
                ["organisation"] = Sent.Organisation,
                ["source"] = source,
                ["repeats"] = repeats,
            },
        },
        CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await Client.ExecuteAsync($"drop database {_name}", options: null, CancellationToken.None);
        Client.Dispose();
    }

    private static Guid Id(Google.Protobuf.ByteString bytes) => new(bytes.Span, bigEndian: true);
}
