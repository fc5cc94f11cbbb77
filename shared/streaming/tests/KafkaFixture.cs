using System.Runtime.CompilerServices;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tributary.Contracts;
using Tributary.Streaming.Clients;
using Tributary.Streaming.Reading;
using Tributary.Streaming.Writing;
using Tributary.Testing;

namespace Tributary.Streaming.Tests;

/// <summary>
/// A real Kafka shared with other suites: every fixture's topics and groups have a prefix of their own.
/// </summary>
internal sealed class KafkaFixture : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private const string Consumer = "reader";
    private readonly List<IHost> _hosts = [];

    public KafkaFixture(string brokers)
    {
        Brokers = brokers;
        Tools = Host(_ => { });
    }

    public static KafkaFixture Shared() => new(RealService.Address("TEST_KAFKA"));

    public string Brokers { get; }

    public string Prefix { get; } = $"streaming-{Guid.NewGuid():N}.";

    public MemoryOffsets Offsets { get; } = new();

    public IHost Tools { get; }

    public Producers Producers => Tools.Services.GetRequiredService<Producers>();

    public TopicFacts Facts => Tools.Services.GetRequiredService<TopicFacts>();

    public static Topic<StringValue> Declare(string name, int partitions) => new(
        name, partitions, new Retention.DeletedAfter(TimeSpan.FromDays(1)), 1 << 20, "tests", ["tests"],
        sent => sent.Value.Split('-')[0], StringValue.Parser);

    /// <summary>
    /// A process of its own, as far as Kafka can tell. The session is the shortest that brokers allow.
    /// </summary>
    public IHost Host(Action<HostApplicationBuilder> add, params IReadOnlyList<(string Key, string Value)> settings)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration["Kafka:Brokers"] = Brokers;
        builder.Configuration["Kafka:TopicPrefix"] = Prefix;
        builder.Configuration["Kafka:SessionTimeout"] = "00:00:06";
        builder.Configuration["Kafka:Reader:RetryPauseFirst"] = "00:00:00.050";
        builder.Configuration["Kafka:Reader:RetryPauseMax"] = "00:00:01";
        foreach (var (key, value) in settings) builder.Configuration[$"Kafka:{key}"] = value;
        builder.Logging.AddProvider(new TestLog());
        builder.Services.AddSingleton(Offsets);
        builder.Services.AddSingleton<IOffsetStore>(Offsets);
        builder.AddStreaming();
        add(builder);
        var host = builder.Build();
        _hosts.Add(host);
        return host;
    }

    public async Task CreateAsync(params IReadOnlyList<Topic> topics)
    {
        var host = Host(builder => builder.AddTopics("tests", [.. topics]));
        await host.StartAsync();
        await host.StopAsync();
    }

    public async Task SendAsync(Topic<StringValue> topic, IEnumerable<string> values) =>
        (await Producers.For(topic).SendAsync(
            [.. values.Select(value => new StringValue { Value = value })], CancellationToken.None)).EnsureKept();

    /// <summary>A reader of this topic that keeps what it reads in <see cref="Offsets"/>.</summary>
    public async Task<IHost> ReadAsync(
        Topic<StringValue> topic,
        Func<Batch<StringValue>, CancellationToken, ValueTask>? before = null,
        Func<ReaderOptions, ReaderOptions>? adjust = null)
    {
        var host = Host(builder =>
        {
            var recording = new Recording(Offsets);
            if (before is not null) recording.Before = before;
            builder.Services.AddKeyedSingleton<IBatchHandler<StringValue>>(Consumer, recording);
            builder.AddReader<StringValue, Recording>("tests", Consumer, topic, adjust);
        });
        await host.StartAsync();
        return host;
    }

    public static IReadOnlyCollection<Trouble> TroublesOf(IHost host) =>
        host.Services.GetRequiredKeyedService<TopicReader>(Consumer).Status.Troubles;

    public static Task UntilAsync(
        Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        Eventually.TrueAsync(condition, what, Patience);

    public Task DeleteAsync(string topic) => Facts.Admin.DeleteTopicsAsync([Prefix + topic]);

    /// <summary>As retention would, but now.</summary>
    public Task ExpireAsync(string topic, int partition, long before) =>
        Facts.Admin.DeleteRecordsAsync([new(Prefix + topic, partition, before)]);

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.StopAsync();
            host.Dispose();
        }
    }
}
