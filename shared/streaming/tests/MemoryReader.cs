using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tributary.Streaming.DeadLetters;
using Tributary.Streaming.Reading;
using Tributary.Streaming.Writing;
using Tributary.Testing;

namespace Tributary.Streaming.Tests;

/// <summary>A reader over a topic in memory, with what it kept, what it rejected and what it counted.</summary>
internal sealed class MemoryReader : IAsyncDisposable, ISendRecords
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _meters = new();
    private readonly TopicReader _reader;

    public MemoryReader(
        MemoryLog? log = null, MemoryOffsets? offsets = null, Func<ReaderOptions, ReaderOptions>? adjust = null,
        string topic = "memory.v1", bool gapsAreUsual = false)
    {
        Log = log ?? new MemoryLog(partitions: 1);
        Offsets = offsets ?? new MemoryOffsets();
        Handler = new Recording(Offsets);
        var identity = new ReaderIdentity("tests", "reader", topic, "memory.v1") { GapsAreUsual = gapsAreUsual };
        var options = new ReaderOptions
        {
            BatchRecordsMax = 10,
            BatchAgeMax = TimeSpan.Zero,
            RetryPauseFirst = TimeSpan.FromMilliseconds(1),
            RetryPauseMax = TimeSpan.FromMilliseconds(5),
        };
        IBatchPlanner<StringValue> planner = topic == "memory.v1"
            ? new LogPlanner<StringValue>(StringValue.Parser.ParseFrom)
            : new RetryPlanner<StringValue>("reader", "memory.v1", Offsets, StringValue.Parser.ParseFrom);
        var metrics = new StreamingMetrics(_services.GetRequiredService<IMeterFactory>());
        Listen(metrics);
        using var logs = LoggerFactory.Create(builder => builder.AddProvider(new TestLog()));
        _reader = new TopicReader(
            identity, Log, new PartitionOpener(identity, Log, Offsets),
            new HandOver<StringValue>(identity, Log, planner, Handler, this),
            new ReaderSurroundings(
                adjust?.Invoke(options) ?? options, TimeProvider.System, new Random(1), metrics,
                logs.CreateLogger<TopicReader>()));
    }

    public MemoryLog Log { get; }

    public MemoryOffsets Offsets { get; }

    public Recording Handler { get; }

    public ConcurrentQueue<DeadLetter> DeadLetters { get; } = [];

    /// <summary>Called before a dead letter is kept.</summary>
    public Func<ValueTask> BeforeDeadLetter { get; set; } = () => ValueTask.CompletedTask;

    public ConcurrentDictionary<string, long> Counts { get; } = [];

    public IReadOnlyCollection<Trouble> Troubles => _reader.Status.Troubles;

    public static Task UntilAsync(
        Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        Eventually.TrueAsync(condition, what);

    public StoredOffset? Stored(int partition) => Offsets.Stored("reader", "memory.v1", partition);

    public Task StartAsync() => _reader.StartAsync(CancellationToken.None);

    public async Task StopAsync()
    {
        await _reader.StopAsync(CancellationToken.None);
        await _reader.ExecuteTask!;
    }

    public async ValueTask SendAsync(OutgoingRecord record, CancellationToken cancellationToken)
    {
        await BeforeDeadLetter();
        Assert.That(record.Topic, Is.EqualTo("dead.tests"));
        DeadLetters.Enqueue(DeadLetter.Read(
            new(0, DeadLetters.Count, DateTimeOffset.UnixEpoch, record.Key, record.Value, record.Headers))!);
    }

    public async ValueTask DisposeAsync()
    {
        if (_reader.ExecuteTask is { IsCompleted: false }) await StopAsync();
        _reader.Dispose();
        _meters.Dispose();
        await _services.DisposeAsync();
    }

    private void Listen(StreamingMetrics metrics)
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (metrics.Owns(instrument.Meter)) listener.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var reason = "";
            foreach (var (name, tag) in tags)
            {
                if (name is "reason" or "outcome") reason = $":{tag}";
            }
            Counts.AddOrUpdate(instrument.Name.Split('.')[^1] + reason, value, (_, sum) => sum + value);
        });
        _meters.Start();
    }
}
