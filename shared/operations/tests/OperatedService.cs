using System.Collections.Concurrent;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Tributary.Contracts;
using Tributary.Postgres;
using Tributary.Postgres.Offsets;
using Tributary.Postgres.Testing;
using Tributary.Streaming;
using Tributary.Streaming.Clients;
using Tributary.Streaming.Writing;
using Tributary.Testing;

namespace Tributary.Operations.Tests;

/// <summary>A service "tests" on a real Kafka and a real PostgreSQL, and the command beside it.</summary>
internal sealed class OperatedService : IAsyncDisposable
{
    private readonly string _brokers = RealService.Address("TEST_KAFKA");
    private readonly string _prefix = $"operations-{Guid.NewGuid():N}.";
    private readonly IHost _host;

    private OperatedService(TestDatabase database)
    {
        Database = database;
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration["Kafka:Brokers"] = _brokers;
        builder.Configuration["Kafka:TopicPrefix"] = _prefix;
        builder.Configuration["Kafka:Reader:RetryPauseMax"] = "00:00:01";
        builder.Configuration["Database:Url"] = database.Url;
        builder.AddPostgres("tests", typeof(OperatedService).Assembly);
        builder.AddTopics("tests", [Topic]);
        builder.Services.AddSingleton(this);
        builder.AddReader<StringValue, Handler>("tests", "tests.reader", Topic, adjust: null);
        _host = builder.Build();
    }

    public static Topic<StringValue> Topic { get; } = new(
        "operated.v1", 1, new Retention.DeletedAfter(TimeSpan.FromDays(1)), 1 << 20, "tests", ["tests"],
        sent => sent.Value, StringValue.Parser);

    public TestDatabase Database { get; }

    /// <summary>What was committed, in order.</summary>
    public ConcurrentQueue<string> Applied { get; } = [];

    /// <summary>What the handler rejects, and why.</summary>
    public ConcurrentDictionary<string, string> Unwanted { get; } = [];

    private TopicFacts Facts => _host.Services.GetRequiredService<TopicFacts>();

    public static async Task<OperatedService> StartAsync()
    {
        var service = new OperatedService(await TestDatabase.CreateAsync("tests", typeof(OperatedService).Assembly));
        await service._host.StartAsync();
        return service;
    }

    public async Task SendAsync(params IReadOnlyList<string> values) =>
        (await _host.Services.GetRequiredService<Producers>().For(Topic).SendAsync(
            [.. values.Select(value => new StringValue { Value = value })], CancellationToken.None)).EnsureKept();

    public Task ExpireAsync(long before) =>
        Facts.Admin.DeleteRecordsAsync([new(_prefix + Topic.Name, 0, before)]);

    public async Task MakeAnewAsync()
    {
        await Facts.Admin.DeleteTopicsAsync([_prefix + Topic.Name]);
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    await Facts.Admin.CreateTopicsAsync([new() { Name = _prefix + Topic.Name, NumPartitions = 1 }]);
                    return true;
                }
                catch (Confluent.Kafka.Admin.CreateTopicsException)
                {
                    return false; // It is still being deleted.
                }
            },
            "the topic is made anew");
    }

    public async Task<string> HealthAsync() => string.Join(
        '\n',
        (await _host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries
            .Select(entry => $"{entry.Key} {entry.Value.Status}: {entry.Value.Description}"));

    public async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var environment = new Dictionary<string, string>
        {
            ["KAFKA_BROKERS"] = _brokers,
            ["KAFKA_TOPIC_PREFIX"] = _prefix,
            ["DATABASE_URL"] = Database.Url,
        };
        var exitCode = await Command.RunAsync(
            args, environment.GetValueOrDefault, output, errors, CancellationToken.None);
        return (exitCode, output.ToString(), errors.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        await Database.DisposeAsync();
    }

    private sealed class Handler(
        OperatedService service,
        [FromKeyedServices("tests")] ServiceDatabase database,
        [FromKeyedServices("tests")] PostgresOffsets offsets) : IBatchHandler<StringValue>
    {
        public async ValueTask HandleAsync(Batch<StringValue> batch, CancellationToken cancellationToken)
        {
            List<string> wanted = [];
            for (var index = 0; index < batch.Events.Count; index++)
            {
                if (service.Unwanted.TryGetValue(batch.Events[index].Value, out var reason))
                    await batch.RejectAsync(index, reason, detail: null, cancellationToken);
                else
                    wanted.Add(batch.Events[index].Value);
            }
            await using var work = await database.ForOrganisationsAsync([Guid.Empty], cancellationToken);
            await offsets.AdvanceAsync(work.Transaction, batch.Span, cancellationToken);
            await work.CommitAsync(cancellationToken);
            foreach (var value in wanted) service.Applied.Enqueue(value);
        }
    }
}
