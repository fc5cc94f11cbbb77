using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Confluent.Kafka;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tributary.Authorisation.Testing;
using Tributary.Contracts;
using Tributary.Contracts.V1;
using Tributary.EmbeddedKafka;
using Tributary.Hosting;
using Tributary.Testing;

namespace Tributary.Ingestion.Tests.Receiving;

/// <summary>The edge over HTTP, with a broker that can be stopped and started again.</summary>
internal sealed class RunningEdge : IAsyncDisposable
{
    public const string Key = "trw_good", OffKey = "trw_off", ShyKey = "trw_shy", SlowKey = "trw_slow";
    public static readonly Guid Organisation = Guid.Parse("0a1b2c3d-0000-4000-8000-000000000001");
    public static readonly Guid Source = Guid.Parse("0a1b2c3d-0000-4000-8000-000000000002");

    private readonly TemporaryFolder _folder = new("edge");
    private readonly int _kafkaPort = FreePort.Next();
    private Broker? _broker;
    private WebApplication? _app;

    public HttpClient Client { get; } = new();

    public Uri Operations { get; private set; } = new("http://127.0.0.1");

    public string Spool => _folder.At("spool");

    public WebApplication App => _app!;

    public static async Task<RunningEdge> StartAsync(params (string Key, string Value)[] settings)
    {
        var edge = new RunningEdge();
        edge.StartBroker();
        await edge.StartAppAsync(settings);
        return edge;
    }

    public void StartBroker() => _broker = Broker.Start(
        new BrokerOptions { Listen = new(IPAddress.Loopback, _kafkaPort), DataFolder = _folder.At("kafka") },
        TimeProvider.System, NullLoggerFactory.Instance);

    public async Task StopBrokerAsync()
    {
        await _broker!.DisposeAsync();
        _broker = null;
    }

    public async Task StartAppAsync(params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder();
        (string Key, string Value)[] own =
        [
            ("Listen:Http", "127.0.0.1:0"), ("Listen:Grpc", "127.0.0.1:0"), ("Listen:Operations", "127.0.0.1:0"),
            ("Kafka:Brokers", $"127.0.0.1:{_kafkaPort}"), ("Stop:UnreadyFor", "00:00:00"),
            ("Ingestion:Deduplicate", "false"), ("Ingestion:Store", "false"),
        ];
        builder.Configuration.AddInMemoryCollection(
            own.Concat(settings).Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)));
        builder.AddServiceDefaults("edge");
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddSingleton(SampleAccounts.Directory(TimeProvider.System, Accounts()));
        builder.AddIngestion();
        _app = builder.Build();
        _app.MapServiceDefaults();
        _app.MapIngestion();
        await _app.StartAsync();
        var addresses = ServiceAddresses.Of(_app);
        Client.BaseAddress ??= addresses.Http;
        Operations = addresses.Operations;
        Http = addresses.Http;
    }

    public Uri Http { get; private set; } = new("http://127.0.0.1");

    public async Task StopAppAsync()
    {
        await _app!.StopAsync();
        await _app.DisposeAsync();
        _app = null;
    }

    public Task<HttpResponseMessage> PostAsync(string path, string body, string? key = Key) =>
        SendAsync(path, new StringContent(body), key);

    public async Task<HttpResponseMessage> SendAsync(string path, HttpContent content, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Http, path)) { Content = content };
        if (key is not null) request.Headers.Authorization = Basic(key);
        return await Client.SendAsync(request);
    }

    public static AuthenticationHeaderValue Basic(string key) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(key + ":ignored")));

    /// <summary>All that is in the log, partition by partition in its order.</summary>
    public IReadOnlyList<Event> ReadLog() => Read(Topics.Received, Event.Parser.ParseFrom);

    public IReadOnlyList<RejectedEvent> ReadRejections() => Read(Topics.EventsRejected, RejectedEvent.Parser.ParseFrom);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_app is not null) await StopAppAsync();
        if (_broker is not null) await _broker.DisposeAsync();
        _folder.Dispose();
    }

    private List<T> Read<T>(Topic topic, Func<byte[], T> parse)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = $"127.0.0.1:{_kafkaPort}",
            GroupId = "reads",
            EnablePartitionEof = true,
            EnableAutoCommit = false,
        }).Build();
        consumer.Assign(Enumerable.Range(0, topic.Partitions)
            .Select(partition => new TopicPartitionOffset(topic.Name, partition, Offset.Beginning)));
        List<T> read = [];
        for (var ends = 0; ends < topic.Partitions;)
        {
            if (consumer.Consume(TimeSpan.FromSeconds(10)) is not { } result) break;
            if (result.IsPartitionEOF) ends++;
            else read.Add(parse(result.Message.Value));
        }
        return read;
    }

    private static AccountState Accounts()
    {
        var state = SampleAccounts.Organisation(Organisation, 1)
            .WithSource(Source, Key)
            .WithSource(Guid.NewGuid(), OffKey)
            .WithSource(Guid.NewGuid(), ShyKey);
        state.Sources[1].Enabled = false;
        state.Sources[2].AllowedOrigins.Add("https://shop.example");
        return state;
    }
}
