using System.Text;
using Confluent.Kafka;
using Tributary.Testing;

namespace Tributary.EmbeddedKafka.Tests.Conformance;

/// <summary>Records by librdkafka. On both brokers.</summary>
[TestFixtureSource(typeof(Brokers), nameof(Brokers.All))]
[Category("Integration")]
public sealed class Producing_and_reading(string kind)
{
    private Librdkafka kafka = null!;

    [SetUp]
    public async Task ConnectAsync() => kafka = await Librdkafka.ForAsync(kind);

    [TearDown]
    public void Close() => kafka?.Dispose();

    [TestCase(CompressionType.None)]
    [TestCase(CompressionType.Gzip)]
    [TestCase(CompressionType.Snappy)]
    [TestCase(CompressionType.Lz4)]
    [TestCase(CompressionType.Zstd)]
    public async Task Records_come_back_as_they_went_under_every_compression(CompressionType compression)
    {
        var topic = await kafka.NewTopicAsync();

        await kafka.SendAsync(topic, 500, change: config => config.CompressionType = compression);
        var read = kafka.Read(topic, 500);

        Assert.Multiple(() =>
        {
            Assert.That(
                read.Select(record => record.Message.Value),
                Is.EqualTo(Enumerable.Range(0, 500).Select(index => $"v{index}")));
            Assert.That(read.Select(record => record.Offset.Value), Is.EqualTo(Enumerable.Range(0, 500)));
        });
    }

    [TestCase(Acks.None)]
    [TestCase(Acks.Leader)]
    [TestCase(Acks.All)]
    public async Task Records_arrive_whatever_acknowledgement_is_asked_for(Acks acks)
    {
        var topic = await kafka.NewTopicAsync();

        await kafka.SendAsync(topic, 20, change: config => config.Acks = acks);

        Assert.That(kafka.Read(topic, 20), Has.Count.EqualTo(20));
    }

    [Test]
    public async Task Headers_timestamps_and_nulls_are_kept()
    {
        var topic = await kafka.NewTopicAsync();
        using var producer = kafka.Producer();
        await producer.ProduceAsync(topic, new Message<string, string>
        {
            Key = null!,
            Value = null!,
            Timestamp = new Timestamp(1_700_000_000_000, TimestampType.CreateTime),
            Headers = new Headers { new Header("h", Encoding.UTF8.GetBytes("x")) },
        });

        var message = kafka.Read(topic, 1)[0].Message;

        Assert.Multiple(() =>
        {
            Assert.That(message.Key, Is.Null);
            Assert.That(message.Value, Is.Null);
            Assert.That(message.Timestamp, Is.EqualTo(new Timestamp(1_700_000_000_000, TimestampType.CreateTime)));
            Assert.That(message.Headers[0].GetValueBytes(), Is.EqualTo("x"u8.ToArray()));
        });
    }

    [Test]
    public async Task A_topic_may_keep_the_time_of_appending_instead()
    {
        var topic = await kafka.NewTopicAsync(settings: new() { ["message.timestamp.type"] = "LogAppendTime" });
        using var producer = kafka.Producer();
        var before = DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());

        var sent =
            await producer.ProduceAsync(
            topic, new Message<string, string> { Value = "x", Timestamp = new Timestamp(1, TimestampType.CreateTime) });
        var read = kafka.Read(topic, 1)[0].Message.Timestamp;

        Assert.Multiple(() =>
        {
            Assert.That(read.Type, Is.EqualTo(TimestampType.LogAppendTime));
            Assert.That(read.UtcDateTime, Is.GreaterThanOrEqualTo(before.UtcDateTime));
            Assert.That(sent.Timestamp.UnixTimestampMs, Is.EqualTo(read.UnixTimestampMs));
        });
    }

    [Test]
    public async Task An_idempotent_producer_is_served()
    {
        var topic = await kafka.NewTopicAsync();

        await kafka.SendAsync(topic, 1_000, change: config => config.EnableIdempotence = true);

        Assert.That(kafka.Read(topic, 1_000)[^1].Offset.Value, Is.EqualTo(999));
    }

    [Test]
    public async Task A_too_large_message_is_refused_by_name()
    {
        var topic = await kafka.NewTopicAsync();
        using var producer = kafka.Producer(config => config.MessageMaxBytes = 5_000_000);

        var refused = Assert.ThrowsAsync<ProduceException<string, string>>(() => producer.ProduceAsync(
            topic, new Message<string, string> { Value = new string('x', 2_000_000) }));

        Assert.That(refused!.Error.Code, Is.EqualTo(ErrorCode.MsgSizeTooLarge));
    }

    [Test]
    public async Task Records_of_a_hundred_kilobytes_are_read_over_many_fetches()
    {
        var topic = await kafka.NewTopicAsync();
        using var producer = kafka.Producer();
        var value = new string('x', 100_000);
        await Task.WhenAll(
            Enumerable.Range(0, 100)
            .Select(_ => producer.ProduceAsync(topic, new Message<string, string> { Value = value })));

        Assert.That(kafka.Read(topic, 100).Sum(record => record.Message.Value.Length), Is.EqualTo(10_000_000));
    }

    [Test]
    public void A_topic_that_is_not_there_is_not_made_where_that_is_off()
    {
        using var producer = kafka.Producer(config => config.TopicMetadataPropagationMaxMs = 1_000);

        var refused = Assert.ThrowsAsync<ProduceException<string, string>>(() => producer.ProduceAsync(
            $"absent-{Guid.NewGuid():N}", new Message<string, string> { Value = "x" }));

        Assert.That(refused!.Error.Code, Is.AnyOf(ErrorCode.Local_UnknownTopic, ErrorCode.UnknownTopicOrPart));
    }

    [Test]
    public async Task An_offset_out_of_range_is_told_to_a_consumer_that_wants_to_know()
    {
        var topic = await kafka.NewTopicAsync();
        await kafka.SendAsync(topic, 1);

        var told =
            Assert.Throws<ConsumeException>(
            () => kafka.Read(topic, 1, from: 100, change: config => config.AutoOffsetReset = AutoOffsetReset.Error));

        Assert.That(
            told!.Error.Code, Is.EqualTo(ErrorCode.Local_AutoOffsetReset).Or.EqualTo(ErrorCode.OffsetOutOfRange));
    }

    [TestCase(CompressionType.None)]
    [TestCase(CompressionType.Gzip)]
    [TestCase(CompressionType.Snappy)]
    [TestCase(CompressionType.Lz4)]
    [TestCase(CompressionType.Zstd)]
    public async Task Offsets_are_found_by_time_inside_a_batch(CompressionType compression)
    {
        var topic = await kafka.NewTopicAsync();
        using var producer = kafka.Producer(config =>
        {
            config.LingerMs = 200;
            config.CompressionType = compression;
        });
        await Task.WhenAll(Enumerable.Range(0, 100).Select(index => producer.ProduceAsync(
            topic, new Message<string,
                string>
            { Value = "x", Timestamp = new Timestamp(1_000_000 + index * 10, TimestampType.CreateTime) })));
        using var consumer = kafka.Consumer("times");

        var found = consumer.OffsetsForTimes(
            [
                new TopicPartitionTimestamp(topic, 0, new Timestamp(1_000_505, TimestampType.CreateTime)),
            ], Librdkafka.Patience);
        var after = consumer.OffsetsForTimes(
            [new TopicPartitionTimestamp(topic, 0, new Timestamp(2_000_000, TimestampType.CreateTime))],
                Librdkafka.Patience);

        Assert.That((found[0].Offset.Value, after[0].Offset), Is.EqualTo((51L, Offset.End)));
    }

    [Test]
    public async Task Watermarks_are_where_the_log_begins_and_ends()
    {
        var topic = await kafka.NewTopicAsync();
        await kafka.SendAsync(topic, 7);
        using var consumer = kafka.Consumer("marks");

        await Eventually.ThatAsync(
            () =>
            {
                var marks = consumer.QueryWatermarkOffsets(new TopicPartition(topic, 0), Librdkafka.Patience);
                return (marks.Low.Value, marks.High.Value);
            },
            Is.EqualTo((0L, 7L)));
    }

    [Test]
    public async Task A_record_reaches_a_waiting_consumer_soon()
    {
        var topic = await kafka.NewTopicAsync();
        using var consumer = kafka.Consumer("waiting", config => config.FetchWaitMaxMs = 10_000);
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        Assert.That(consumer.Consume(TimeSpan.FromMilliseconds(500)), Is.Null);

        var started = TimeProvider.System.GetTimestamp();
        await kafka.SendAsync(topic, 1);
        await Eventually.TrueAsync(() => consumer.Consume(TimeSpan.FromSeconds(1)) is not null, "the record came");

        Assert.That(TimeProvider.System.GetElapsedTime(started), Is.LessThan(TimeSpan.FromSeconds(5)));
    }
}
