using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Tributary.Postgres.Testing;
using Tributary.Streaming;
using Tributary.Streaming.Writing;
using Tributary.Testing;

namespace Tributary.Postgres.Tests;

/// <summary>Real processes, real signals, a real Kafka: between every two steps of the recipe.</summary>
[Category("Integration")]
public sealed class A_relay_that_is_killed_or_frozen
{
    private static readonly string[] Steps = ["read 1", "sent 1", "read 2", "sent 2"];
    private TestDatabase _test = null!;
    private OutboxBench _bench = null!;
    private string _prefix = "";

    [SetUp]
    public async Task Create()
    {
        var brokers = RealService.Address("TEST_KAFKA");
        _test = await TestDatabase.CreateAsync("bandit", typeof(A_relay_that_is_killed_or_frozen).Assembly);
        _bench = new(_test);
        _prefix = $"test-{Guid.NewGuid():N}.";
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = brokers }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = $"{_prefix}arms.v1", NumPartitions = 3 }]);
        await OutboxBench.PublishAsync(_test.Database, OutboxBench.Numbers(1, 10));
    }

    [TearDown]
    public async Task Drop()
    {
        if (_test is null) return; // There is no server to test with.
        await _bench.DisposeAsync();
        await _test.DisposeAsync();
    }

    [TestCaseSource(nameof(Steps))]
    public async Task Killed_at_any_step_loses_nothing_and_doubles_nothing(string step)
    {
        using (var dying = RelayChild.Start(_test, _prefix, step))
        {
            await dying.SteppedAsync();
            dying.Kill();
        }

        using var next = RelayChild.Start(_test, _prefix, stop: null);
        await _bench.UntilSentAsync(10);

        Assert.That(Read(), Is.EqualTo(OutboxBench.Numbers(1, 10)));
    }

    [TestCaseSource(nameof(Steps))]
    public async Task Frozen_at_any_step_gives_way_and_harms_nothing_when_it_thaws(string step)
    {
        using var frozen = RelayChild.Start(_test, _prefix, step);
        await frozen.SteppedAsync();
        frozen.Freeze();
        using (var other = RelayChild.Start(_test, _prefix, stop: null))
        {
            await OutboxBench.PublishAsync(_test.Database, OutboxBench.Numbers(11, 2));
            await _bench.UntilSentAsync(12);
            frozen.Thaw();
            await OutboxBench.PublishAsync(_test.Database, OutboxBench.Numbers(13, 2));
            await _bench.UntilSentAsync(14);
        }

        await OutboxBench.PublishAsync(_test.Database, OutboxBench.Numbers(15, 2)); // Now the thawed one is alone.
        await _bench.UntilSentAsync(16);

        Assert.That(Read(), Is.EqualTo(OutboxBench.Numbers(1, 16)));
    }

    /// <summary>As every reader does: per partition, what is above the highest position of its source.</summary>
    private List<string> Read()
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = RealService.Address("TEST_KAFKA"),
            GroupId = _prefix,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
            EnablePartitionEof = true,
        };
        using var consumer = new ConsumerBuilder<byte[], byte[]>(config).Build();
        consumer.Assign(Enumerable.Range(0, 3).Select(
            partition => new TopicPartitionOffset($"{_prefix}arms.v1", partition, Offset.Beginning)));
        Dictionary<(int, Guid), long> kept = [];
        List<string> values = [];
        for (var ends = 0; ends < 3;)
        {
            var read = consumer.Consume(TimeSpan.FromSeconds(30)) ?? throw new TimeoutException("Kafka did not answer");
            if (read.IsPartitionEOF)
            {
                ends++;
                continue;
            }

            var source = SourcePosition.Of(
            [
                .. read.Message.Headers.Select(header => new RecordHeader(header.Key, header.GetValueBytes())),
            ])!.Value;
            var place = (read.Partition.Value, source.Source);
            if (source.Position <= kept.GetValueOrDefault(place, -1)) continue;
            kept[place] = source.Position;
            values.Add(Encoding.UTF8.GetString(read.Message.Value));
        }

        return values;
    }
}
