using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using System.Security.Cryptography;
using Tributary.Authorisation;
using Tributary.Contracts;
using Tributary.Contracts.V1;
using Tributary.Hosting;
using Tributary.Ingestion.Finding;
using Tributary.Streaming;
using Tributary.Streaming.Writing;
using Tributary.Testing;

namespace Tributary.Ingestion.Tests.Finding;

/// <summary>Finding in a host of its own, over real connections, with topics under a prefix of the test's.</summary>
internal sealed class RunningFinding : IAsyncDisposable
{
    public const string ReaderKey = "trib_reader";
    private readonly WebApplication _app;
    private readonly FindingDatabase _database;
    private bool _stopped;

    private RunningFinding(WebApplication app, FindingDatabase database)
    {
        _app = app;
        _database = database;
        Client = new() { BaseAddress = ServiceAddresses.Of(app).Http, Timeout = TimeSpan.FromSeconds(30) };
        Client.DefaultRequestHeaders.Authorization = new("Bearer", ReaderKey);
    }

    public HttpClient Client { get; }

    public FindingDatabase Database => _database;

    public IServiceProvider Services => _app.Services;

    public static async Task<RunningFinding> StartAsync(params (string Key, string Value)[] settings)
    {
        var kafka = RealService.Kafka;
        var database = await FindingDatabase.CreateAsync();
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Listen:Http"] = "127.0.0.1:0",
            ["Listen:Grpc"] = "127.0.0.1:0",
            ["Listen:Operations"] = "127.0.0.1:0",
            ["Stop:UnreadyFor"] = "00:00:00",
            ["Kafka:Brokers"] = kafka,
            ["Kafka:TopicPrefix"] = $"finding-{Guid.NewGuid():N}.",
            ["ClickHouse:Url"] = database.Url,
            ["Ingestion:Finding:CallerCheckedEvery"] = "00:00:00.1",
            ["Ingestion:Finding:HeartbeatEvery"] = "00:00:00.2",
        });
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.AddServiceDefaults("test");
        builder.Services.AddSingleton(Accounts(isRevoked: false, version: 1));
        builder.AddTopics("ingestion", Topics.All);
        builder.AddFinding();
        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapFinding();
        await app.StartAsync();
        return new(app, database);
    }

    /// <summary>Someone takes the key back.</summary>
    public void Revoke()
    {
        var directory = Services.GetRequiredService<AccountDirectory>();
        directory.Learn(State(isRevoked: true, version: 2));
        directory.Show();
    }

    public Task SendAsync<TEvent>(Topic<TEvent> topic, params IReadOnlyList<TEvent> events)
        where TEvent : IMessage<TEvent> => SendAsync(topic, events, header: null);

    public async Task SendAsync<TEvent>(Topic<TEvent> topic, IReadOnlyList<TEvent> events, RecordHeader? header)
        where TEvent : IMessage<TEvent>
    {
        var records = events.Select(sent => new OutgoingRecord(
            topic.Name, System.Text.Encoding.UTF8.GetBytes(topic.Key(sent)), sent.ToByteArray())
        {
            Headers = header is { } told ? [told] : [],
        });
        var deliveries = await Services.GetRequiredService<Producers>().Shared
            .SendAsync([.. records], CancellationToken.None);
        deliveries.EnsureKept();
    }

    public async Task StopAsync()
    {
        if (_stopped) return;
        _stopped = true;
        await _app.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await StopAsync();
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static AccountDirectory Accounts(bool isRevoked, long version)
    {
        var directory = new AccountDirectory(TimeProvider.System);
        directory.Learn(State(isRevoked, version));
        directory.Show();
        return directory;
    }

    private static AccountState State(bool isRevoked, long version) => new()
    {
        Organisation = ByteString.CopyFrom(Sent.Organisation.ToByteArray(bigEndian: true)),
        Version = version,
        ApiKeys =
        {
            new ApiKeyState
            {
                Key = ByteString.CopyFrom(Guid.NewGuid().ToByteArray(bigEndian: true)),
                Hash = ByteString.CopyFrom(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(ReaderKey))),
                Permissions = { "events:read" },
                Revoked = isRevoked,
            },
        },
    };
}
