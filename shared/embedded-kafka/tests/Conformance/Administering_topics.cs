using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Tributary.Testing;

namespace Tributary.EmbeddedKafka.Tests.Conformance;

/// <summary>Topics, settings and logs by librdkafka's admin client. On both brokers.</summary>
[TestFixtureSource(typeof(Brokers), nameof(Brokers.All))]
[Category("Integration")]
public sealed class Administering_topics(string kind)
{
    private Librdkafka kafka = null!;

    [SetUp]
    public async Task ConnectAsync() => kafka = await Librdkafka.ForAsync(kind);

    [TearDown]
    public void Close() => kafka?.Dispose();

    [TestCase("has/slash", 1, 1, ErrorCode.TopicException)]
    [TestCase("..", 1, 1, ErrorCode.TopicException)]
    [TestCase("no-partitions", 0, 1, ErrorCode.InvalidPartitions)]
    [TestCase("two-replicas", 1, 2, ErrorCode.InvalidReplicationFactor)]
    [TestCase("a-hundred-thousand-partitions", 100_000, 1, ErrorCode.PolicyViolation)]
    public void A_topic_that_can_not_be_is_refused_with_its_reason(
        string name, int partitions, short replicas, ErrorCode expected)
    {
        var refused = Assert.ThrowsAsync<CreateTopicsException>(() => kafka.Admin.CreateTopicsAsync(
            [new TopicSpecification { Name = name, NumPartitions = partitions, ReplicationFactor = replicas }]));

        Assert.That(refused!.Results[0].Error.Code, Is.EqualTo(expected));
    }

    [Test]
    public async Task A_topic_is_made_once()
    {
        var topic = await kafka.NewTopicAsync();

        var refused = Assert.ThrowsAsync<CreateTopicsException>(() => kafka.Admin.CreateTopicsAsync(
            [new TopicSpecification { Name = topic, NumPartitions = 1, ReplicationFactor = 1 }]));

        Assert.That(refused!.Results[0].Error.Code, Is.EqualTo(ErrorCode.TopicAlreadyExists));
    }

    [Test]
    public async Task A_setting_that_is_unknown_or_wrong_is_refused()
    {
        await kafka.NewTopicAsync();

        var unknown =
            Assert.ThrowsAsync<CreateTopicsException>(() => kafka.NewTopicAsync(settings: new() { ["no.such"] = "1" }));
        var wrong =
            Assert.ThrowsAsync<CreateTopicsException>(
            () => kafka.NewTopicAsync(settings: new() { ["retention.ms"] = "soon" }));

        Assert.That(
            (unknown!.Results[0].Error.Code, wrong!.Results[0].Error.Code),
            Is.EqualTo((ErrorCode.InvalidConfig, ErrorCode.InvalidConfig)));
    }

    [Test]
    public async Task A_topic_made_anew_has_another_id()
    {
        var topic = await kafka.NewTopicAsync();
        var before = (await DescribeAsync(topic)).TopicId.ToString();
        await kafka.Admin.DeleteTopicsAsync([topic]);
        await Eventually.TrueAsync(
            () => kafka.Admin.GetMetadata(Librdkafka.Patience).Topics.All(one => one.Topic != topic),
                "the topic is gone");
        await kafka.Admin.CreateTopicsAsync(
            [new TopicSpecification { Name = topic, NumPartitions = 1, ReplicationFactor = 1 }]);
        await Eventually.TrueAsync(
            () => kafka.Admin.GetMetadata(Librdkafka.Patience).Topics.Any(one => one.Topic == topic),
                "the topic is there");

        Assert.That((await DescribeAsync(topic)).TopicId.ToString(), Is.Not.EqualTo(before));
    }

    [Test]
    public async Task Partitions_are_added_and_never_taken()
    {
        var topic = await kafka.NewTopicAsync(partitions: 2);

        await kafka.Admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = topic, IncreaseTo = 5 }]);
        var fewer = Assert.ThrowsAsync<CreatePartitionsException>(() => kafka.Admin.CreatePartitionsAsync(
            [new PartitionsSpecification { Topic = topic, IncreaseTo = 3 }]));

        Assert.That(fewer!.Results[0].Error.Code, Is.EqualTo(ErrorCode.InvalidPartitions));
        await Eventually.ThatAsync(async () => (await DescribeAsync(topic)).Partitions, Has.Count.EqualTo(5));
    }

    [Test]
    public async Task Settings_are_shown_set_and_taken_back()
    {
        var topic = await kafka.NewTopicAsync(settings: new() { ["retention.ms"] = "60000" });
        var resource = new ConfigResource { Type = ResourceType.Topic, Name = topic };
        var made = await kafka.SettingsAsync(topic);

        await kafka.Admin.IncrementalAlterConfigsAsync(new()
        {
            [resource] =
            [
                new() { Name = "retention.ms", IncrementalOperation = AlterConfigOpType.Delete },
                new() { Name = "cleanup.policy", Value = "compact", IncrementalOperation = AlterConfigOpType.Append },
                new() { Name = "max.message.bytes", Value = "2000000", IncrementalOperation = AlterConfigOpType.Set },
            ],
        });
        await Eventually.ThatAsync(
            async () => (await kafka.SettingsAsync(topic))["max.message.bytes"].Value, Is.EqualTo("2000000"));
        var altered = await kafka.SettingsAsync(topic);

        Assert.Multiple(() =>
        {
            Assert.That(
                (made["retention.ms"].Value, made["retention.ms"].Source),
                Is.EqualTo(("60000", ConfigSource.DynamicTopicConfig)));
            Assert.That(
                (made["segment.bytes"].Value, made["segment.bytes"].IsDefault), Is.EqualTo(("1073741824", true)));
            Assert.That(altered["retention.ms"].Value, Is.Not.EqualTo("60000"));
            Assert.That(altered["cleanup.policy"].Value, Is.EqualTo("delete,compact"));
        });
    }

    [Test]
    public async Task Records_before_an_offset_are_deleted()
    {
        var topic = await kafka.NewTopicAsync();
        await kafka.SendAsync(topic, 10);

        var deleted = await kafka.Admin.DeleteRecordsAsync([new TopicPartitionOffset(topic, 0, 4)]);

        Assert.Multiple(() =>
        {
            Assert.That(deleted[0].Offset.Value, Is.EqualTo(4));
            Assert.That(kafka.Read(topic, 1)[0].Offset.Value, Is.EqualTo(4));
        });
    }

    [Test]
    public async Task Offsets_are_listed_at_the_ends_by_time_and_at_the_highest_time()
    {
        var topic = await kafka.NewTopicAsync();
        using var producer = kafka.Producer(config => config.LingerMs = 100);
        await Task.WhenAll(new[] { 10, 30, 20 }.Select(time => producer.ProduceAsync(
            topic, new Message<string,
                string>
            { Value = "x", Timestamp = new Timestamp(time, TimestampType.CreateTime) })));

        await Eventually.ThatAsync(() => ListAsync(topic, OffsetSpec.Latest()), Is.EqualTo(3));
        Assert.Multiple(async () =>
        {
            Assert.That(await ListAsync(topic, OffsetSpec.Earliest()), Is.EqualTo(0));
            Assert.That(await ListAsync(topic, OffsetSpec.MaxTimestamp()), Is.EqualTo(1));
            Assert.That(await ListAsync(topic, OffsetSpec.ForTimestamp(15)), Is.EqualTo(1));
        });
    }

    [Test]
    public async Task A_cluster_of_one_is_described()
    {
        var cluster = await kafka.Admin.DescribeClusterAsync();

        Assert.Multiple(() =>
        {
            Assert.That(cluster.Nodes, Has.Count.EqualTo(1));
            Assert.That(cluster.Controller.Id, Is.EqualTo(cluster.Nodes[0].Id));
            Assert.That(cluster.ClusterId, Is.Not.Empty);
        });
    }

    private async Task<long> ListAsync(string topic, OffsetSpec at) =>
        (await kafka.Admin.ListOffsetsAsync(
            [new TopicPartitionOffsetSpec { TopicPartition = new(topic, 0), OffsetSpec = at }],
            new ListOffsetsOptions { RequestTimeout = Librdkafka.Patience })).ResultInfos[
                0].TopicPartitionOffsetError.Offset.Value;

    private async Task<TopicDescription> DescribeAsync(string topic) =>
        (await kafka.Admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([topic]))).TopicDescriptions[0];
}
