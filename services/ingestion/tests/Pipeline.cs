using System.Text;
using Dapper;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tributary.ClickHouse;
using Tributary.Contracts;
using Tributary.Contracts.V1;
using Tributary.Postgres.Testing;
using Tributary.Streaming;
using Tributary.Streaming.Reading;
using Tributary.Streaming.Writing;
using Tributary.Testing;

namespace Tributary.Ingestion.Tests;

/// <summary>
/// Servers of its own names (topics, database, roles), and as many ingestion processes over them as a test starts: each
/// a host of its own in this process.
/// </summary>
internal sealed class Pipeline : IAsyncDisposable
{
    private readonly List<WebApplication> _hosts = [];
    private readonly Dictionary<string, string?> _settings;

    private Pipeline(TestDatabase database, Uri clickHouse)
    {
        Postgres = database;
        Database = $"ingestion_{Guid.NewGuid():n}";
        ClickHouseUrl = $"{clickHouse.AbsoluteUri.TrimEnd('/')}/{Database}";
        ClickHouse = new ClickHouseClient(ClickHouseUrl);
        _settings = new()
        {
            ["Kafka:Brokers"] = RealService.Kafka,
            ["Kafka:TopicPrefix"] = Prefix,
            ["Kafka:SessionTimeout"] = "00:00:06",
            ["Kafka:Linger"] = "00:00:00",
            ["Database:Url"] = database.Url,
            ["ClickHouse:Url"] = ClickHouseUrl,
            ["Ingestion:Storing:BlockAgeMax"] = "00:00:00.200",
            ["Ingestion:Deduplication:Folder"] = Windows.At("windows"),
        };
    }

    public string Prefix { get; } = $"ingestion-{Guid.NewGuid():N}.";

    public TemporaryFolder Windows { get; } = new("windows");

    public TestDatabase Postgres { get; }

    public string Database { get; }

    public string ClickHouseUrl { get; }

    public ClickHouseClient ClickHouse { get; }

    /// <summary>A pipeline whose topics exist.</summary>
    public static async Task<Pipeline> CreateAsync()
    {
        var address = await ClickHouseServer.AddressAsync();
        var database = await TestDatabase.CreateAsync("ingestion", typeof(IngestionService).Assembly);
        return new Pipeline(database, address);
    }

    /// <summary>The same for a process of its own.</summary>
    public IReadOnlyDictionary<string, string> Environment =>
        _settings.ToDictionary(
            setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value!);

    /// <summary>A host with some of ingestion's works.</summary>
    public async Task<WebApplication> StartAsync(
        bool deduplicate, bool store, params IReadOnlyList<(string Key, string Value)> settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(_settings);
        builder.Configuration["Ingestion:Deduplicate"] = deduplicate ? "true" : "false";
        builder.Configuration["Ingestion:Store"] = store ? "true" : "false";
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        foreach (var (key, value) in settings) builder.Configuration[key] = value;
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(new TestLog());
        builder.AddTopics("ingestion", Topics.Streams);
        builder.AddPipeline();
        var host = builder.Build();
        _hosts.Add(host);
        await host.StartAsync();
        return host;
    }

    public async Task StopAsync(WebApplication host)
    {
        _hosts.Remove(host);
        await host.StopAsync();
        await host.DisposeAsync();
    }

    /// <summary>Sends as the edge does.</summary>
    public static async Task SendAsync(IHost host, params IEnumerable<Event> events)
    {
        var sent = events.Select(one => new OutgoingRecord(
            Topics.Received.Name, Encoding.UTF8.GetBytes(Topics.Received.Key(one)), one.ToByteArray())).ToList();
        var deliveries = await host.Services.GetRequiredService<Producers>().Shared.SendAsync(sent, default);
        deliveries.EnsureKept();
    }

    public static byte[] BytesOf(Event one) => one.ToByteArray();

    public static async Task SendAsync(IHost host, IReadOnlyList<OutgoingRecord> records) =>
        (await host.Services.GetRequiredService<Producers>().Shared.SendAsync(records, default)).EnsureKept();

    /// <summary>What lies in a topic of one partition.</summary>
    public static async Task<long> CountRecordsAsync(IHost host, string topic)
    {
        var range = await host.Services.GetRequiredService<PartitionScans>().RangeAsync(topic, 0, default);
        return range.End - range.Earliest;
    }

    /// <summary>What the writer says in health; empty when all is well.</summary>
    public static async Task<string> HealthAsync(IHost host)
    {
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(
            line => line.Name == "read-model");
        var line = report.Entries["read-model"];
        return line.Status == HealthStatus.Healthy ? "" : line.Description ?? "";
    }

    /// <summary>An event of a person; times are this machine's.</summary>
    public static Event EventOf(string id, string person = "ann", string name = "clicked") => new()
    {
        Organisation = Uuid(Sample.Organisation),
        Source = Uuid(Sample.Source),
        App = Uuid(Sample.App),
        MessageId = id,
        Type = "track",
        Event_ = name,
        AnonymousId = person,
        ReceivedAt = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow()),
        Timestamp = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow()),
        Properties = ByteString.CopyFromUtf8("{}"),
    };

    public static ByteString Uuid(Guid id) => ByteString.CopyFrom(id.ToByteArray(bigEndian: true));

    /// <summary>A topic's message ids by partition, as a reader that skips by position sees them.</summary>
    public static async Task<IReadOnlyList<string>> IdsAsync(IHost host, Topic<Event> topic)
    {
        var scans = host.Services.GetRequiredService<PartitionScans>();
        List<string> ids = [];
        for (var partition = 0; partition < topic.Partitions; partition++)
        {
            var range = await scans.RangeAsync(topic.Name, partition, default);
            var highest = new Dictionary<Guid, long>();
            foreach (var record in scans.Read(topic.Name, partition, range, default))
            {
                if (SourcePosition.Of(record.Headers) is { } place)
                {
                    if (place.Position <= highest.GetValueOrDefault(place.Source, -1)) continue;
                    highest[place.Source] = place.Position;
                }
                ids.Add(topic.Parser.ParseFrom(record.Value).MessageId);
            }
        }
        return ids;
    }

    /// <summary>A number that a query of ClickHouse gives; 0 while the table is not there.</summary>
    public async Task<long> CountAsync(string query)
    {
        try
        {
            await using var reader = await ClickHouse.QueryAsync(
                $"select assumeNotNull(toInt64(({query})))", options: null, CancellationToken.None);
            var result = 0L;
            while (await reader.ReadAsync(CancellationToken.None))
                if (reader.Block.RowCount > 0) result = reader.Block.Column<long>(reader.Block.Name(0))[0];
            return result;
        }
        catch (ClickHouseException absent) when (absent.Code is 60 or 81)
        {
            return 0;
        }
    }

    public Task<long> RowsAsync() => CountAsync("select count() from events");

    public Task<long> DistinctAsync() => CountAsync("select uniqExact(message_id) from events");

    public async Task<T?> AskPostgresAsync<T>(string sql)
    {
        await using var admin = await Postgres.Admin.OpenConnectionAsync();
        return await admin.ExecuteScalarAsync<T>(sql);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.StopAsync();
            await host.DisposeAsync();
        }
        try
        {
            await ClickHouse.ExecuteAsync($"drop database if exists {Database}", new QueryOptions
            {
                Settings = new Dictionary<string, string> { ["database"] = "default" },
            }, default);
        }
        catch (ClickHouseException)
        {
            // The test may have stopped the server.
        }
        ClickHouse.Dispose();
        await Postgres.DisposeAsync();
        Windows.Dispose();
    }
}

internal static class Sample
{
    public static readonly Guid Organisation = new("0192f0c4-0000-7000-8000-000000000001");
    public static readonly Guid Source = new("0192f0c4-0000-7000-8000-000000000002");
    public static readonly Guid App = new("0192f0c4-0000-7000-8000-000000000003");
}
