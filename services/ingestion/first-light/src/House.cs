using System.Globalization;
using Tributary.Testing;
using Tributary.Testing.Crashes;
using Tributary.Testing.Parts;

namespace Tributary.FirstLight;

/// <summary>A process of ingestion, and where it answers.</summary>
internal sealed record IngestionPart(PartCommand Command, Uri Http, Uri Operations);

/// <summary>
/// All that an event passes on one machine, as parts of a rig: broker, ClickHouse, PostgreSQL, and ingestion in as many
/// processes as one likes. It has one tenant.
/// </summary>
internal sealed class House
{
    private const string Database = "tributary";
    private static readonly HttpClient Asking = new() { Timeout = TimeSpan.FromSeconds(60) };
    private readonly CrashRig _rig;
    private readonly PostgreSqlServer _postgres;

    private House(CrashRig rig, PostgreSqlServer postgres)
    {
        _rig = rig;
        _postgres = postgres;
        Kafka = Engines.Kafka(rig.Folder);
        ClickHouse = Engines.ClickHouse(rig.Folder);
    }

    public Engine Kafka { get; }

    public Engine ClickHouse { get; }

    public Tenant Tenant { get; } = new();

    public string Postgres => _postgres.ConnectionString;

    public TemporaryFolder Folder => _rig.Folder;

    /// <summary>Starts the engines and makes the tenant known; no service runs yet.</summary>
    public static async Task<House> StartAsync(CrashRig rig, CancellationToken cancellationToken)
    {
        var house = new House(rig, await PostgreSqlServer.PrepareAsync(rig.Folder, cancellationToken));
        await Task.WhenAll(
            rig.StartAsync(house.Kafka.Command, cancellationToken),
            rig.StartAsync(house.ClickHouse.Command, cancellationToken),
            rig.StartAsync(house._postgres.Command, cancellationToken));
        await house.AskAsync($"create database if not exists {Database}", database: "default", cancellationToken);
        await house.Tenant.PublishAsync(house.Kafka.Address, version: 1, cancellationToken);
        return house;
    }

    /// <summary>Starts a process of ingestion, and returns when it is ready.</summary>
    public async Task<IngestionPart> AddIngestionAsync(
        string name, Works works, IReadOnlyDictionary<string, string> more, CancellationToken cancellationToken)
    {
        var part = Ingestion(name, works, more);
        await _rig.StartAsync(part.Command, cancellationToken);
        return part;
    }

    /// <summary>How a process of ingestion is started.</summary>
    /// <param name="more">Added to its environment.</param>
    public IngestionPart Ingestion(string name, Works works, IReadOnlyDictionary<string, string> more)
    {
        var http = FreePort.Next();
        var operations = FreePort.Next();
        var environment = new Dictionary<string, string>
        {
            ["DATABASE_URL"] = Postgres,
            ["KAFKA_BROKERS"] = Kafka.Address,
            ["CLICKHOUSE_URL"] = $"http://default:@{ClickHouse.Address}/{Database}",
            ["Listen__Http"] = $"127.0.0.1:{http}",
            ["Listen__Grpc"] = "127.0.0.1:0",
            ["Listen__Operations"] = $"127.0.0.1:{operations}",
            ["Ingestion__Receive"] = On(Works.Receive),
            ["Ingestion__Deduplicate"] = On(Works.Deduplicate),
            ["Ingestion__Store"] = On(Works.Store),
            ["Ingestion__Deduplication__Folder"] = StateOf(name),
            ["Ingestion__Spool__Folder"] = Path.Combine(StateOf(name), "spool"),
            ["Logging__LogLevel__Default"] = "Information",
        };
        foreach (var (key, value) in more) environment[key] = value;
        var ready = new Uri($"http://127.0.0.1:{operations}/health/ready");
        var command = Engines.Program(name, Folder, "Tributary.Ingestion", [], Probe.Answers(ready)) with
        {
            Environment = environment,
        };
        return new(command, new($"http://127.0.0.1:{http}"), new($"http://127.0.0.1:{operations}"));

        string On(Works work) => works.HasFlag(work) ? "true" : "false";
    }

    /// <summary>Where a process of ingestion keeps what it remembers between two starts.</summary>
    public string StateOf(string name) => Directory.CreateDirectory(Folder.At($"{name}-state")).FullName;

    /// <summary>How many rows of the tenant's there are in a table, as an analyst counts them.</summary>
    public async Task<long> CountAsync(string table, CancellationToken cancellationToken) => long.Parse(
        await AskAsync(
            $"select count() from {table} where organisation = '{Tenant.Organisation}'", Database, cancellationToken),
        CultureInfo.InvariantCulture);

    /// <summary>What ClickHouse answers, as text separated by tabs.</summary>
    public Task<string> AskAsync(string query, CancellationToken cancellationToken) =>
        AskAsync(query, Database, cancellationToken);

    private async Task<string> AskAsync(string query, string database, CancellationToken cancellationToken)
    {
        using var body = new StringContent(query);
        using var answer = await Asking.PostAsync(
            new Uri($"http://{ClickHouse.Address}/?database={database}"), body, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode ? text : throw new InvalidOperationException(text);
    }
}
