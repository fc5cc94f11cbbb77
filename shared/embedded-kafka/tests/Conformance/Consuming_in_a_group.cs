using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Tributary.Testing;

namespace Tributary.EmbeddedKafka.Tests.Conformance;

/// <summary>Consumer groups by librdkafka: members that join, leave, die and come back. On both brokers.</summary>
[TestFixtureSource(typeof(Brokers), nameof(Brokers.All))]
[Category("Integration")]
public sealed class Consuming_in_a_group(string kind)
{
    private static readonly TimeSpan Rebalance = TimeSpan.FromSeconds(40);

    private readonly List<IConsumer<string, string>> members = [];
    private Librdkafka kafka = null!;
    private string group = "";

    [SetUp]
    public async Task ConnectAsync()
    {
        kafka = await Librdkafka.ForAsync(kind);
        group = $"group-{Guid.NewGuid():N}";
    }

    [TearDown]
    public void Close()
    {
        foreach (var member in members) member.Dispose();
        members.Clear();
        kafka?.Dispose();
    }

    [TestCase(PartitionAssignmentStrategy.Range)]
    [TestCase(PartitionAssignmentStrategy.RoundRobin)]
    [TestCase(PartitionAssignmentStrategy.CooperativeSticky)]
    public async Task Members_share_the_partitions_and_take_over_from_one_that_leaves(
        PartitionAssignmentStrategy strategy)
    {
        var topic = await kafka.NewTopicAsync(partitions: 4);
        var first = Join(topic, config => config.PartitionAssignmentStrategy = strategy);
        await HasAsync(first, 4);

        var second = Join(topic, config => config.PartitionAssignmentStrategy = strategy);
        await HasAsync(first, 2, others: second);
        await HasAsync(second, 2, others: first);
        members.Remove(second);
        second.Close();
        second.Dispose();

        await HasAsync(first, 4);
    }

    [Test]
    public async Task A_member_that_dies_is_put_out_when_its_session_ends()
    {
        var topic = await kafka.NewTopicAsync(partitions: 2);
        var first = Join(topic);
        // A consumer that is not polled for this long leaves the group's work to others, as one that died.
        var second = Join(topic, config =>
        {
            config.SessionTimeoutMs = 6_000;
            config.MaxPollIntervalMs = 6_000;
        });
        await HasAsync(first, 1, others: second);
        await HasAsync(second, 1, others: first);

        await HasAsync(first, 2);
    }

    [Test]
    public async Task Committed_offsets_are_where_the_next_member_begins()
    {
        var topic = await kafka.NewTopicAsync();
        await kafka.SendAsync(topic, 10);
        var first = Join(topic);
        var sixth = Librdkafka.Take(first, 6)[^1];
        first.Commit(sixth);
        members.Remove(first);
        first.Close();
        first.Dispose();

        var next = Librdkafka.Take(Join(topic), 1)[0];

        Assert.That(next.Offset.Value, Is.EqualTo(6));
    }

    [Test]
    public async Task A_static_member_that_comes_back_takes_its_place_without_a_rebalance()
    {
        var topic = await kafka.NewTopicAsync(partitions: 2);
        var other = Join(topic, config => config.GroupInstanceId = "one");
        var first = Join(topic, config => config.GroupInstanceId = "two");
        await HasAsync(other, 1, others: first);
        await HasAsync(first, 1, others: other);
        var before = await DescribeAsync();
        var assigned = first.Assignment;
        members.Remove(first);
        first.Dispose(); // A static member does not leave when it closes.

        var again = Join(topic, config => config.GroupInstanceId = "two");
        await HasAsync(again, 1, others: other);

        Assert.Multiple(async () =>
        {
            Assert.That(again.Assignment, Is.EqualTo(assigned));
            Assert.That(other.Assignment, Has.Count.EqualTo(1));
            Assert.That((await DescribeAsync()).Members, Has.Count.EqualTo(before.Members.Count));
        });
    }

    [Test]
    public async Task A_group_is_described_listed_and_when_it_is_empty_deleted()
    {
        var topic = await kafka.NewTopicAsync();
        await kafka.SendAsync(topic, 3);
        var member = Join(topic);
        member.Commit(Librdkafka.Take(member, 3)[^1]);
        var described = await DescribeAsync();
        var listed = await kafka.Admin.ListConsumerGroupsAsync();
        var busy = Assert.ThrowsAsync<DeleteGroupsException>(() => kafka.Admin.DeleteGroupsAsync([group]));
        members.Remove(member);
        member.Close();
        member.Dispose();

        await kafka.Admin.DeleteGroupsAsync([group]);

        Assert.Multiple(async () =>
        {
            Assert.That(described.State, Is.EqualTo(ConsumerGroupState.Stable));
            Assert.That(described.Members, Has.Count.EqualTo(1));
            Assert.That(listed.Valid.Select(one => one.GroupId), Does.Contain(group));
            Assert.That(busy!.Results[0].Error.Code, Is.EqualTo(ErrorCode.NonEmptyGroup));
            Assert.That(
                (await kafka.Admin.ListConsumerGroupsAsync()).Valid.Select(one => one.GroupId),
                Does.Not.Contain(group));
        });
    }

    [Test]
    public async Task Offsets_of_a_group_are_shown_altered_and_deleted()
    {
        var topic = await kafka.NewTopicAsync();
        await kafka.SendAsync(topic, 5);
        var at = new TopicPartition(topic, 0);
        await kafka.Admin.AlterConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitionOffsets(group, [new(at, 4)])]);

        var shown = await kafka.Admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions(group, [at])]);
        await kafka.Admin.DeleteConsumerGroupOffsetsAsync(group, [at]);
        var after = await kafka.Admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions(group, [at])]);

        Assert.That(
            (shown[0].Partitions[0].Offset.Value, after[0].Partitions[0].Offset), Is.EqualTo((4L, Offset.Unset)));
    }

    private IConsumer<string, string> Join(string topic, Action<ConsumerConfig>? change = null)
    {
        var member = kafka.Consumer(group, change);
        members.Add(member);
        member.Subscribe(topic);
        return member;
    }

    private async Task<ConsumerGroupDescription> DescribeAsync() =>
        (await kafka.Admin.DescribeConsumerGroupsAsync([group])).ConsumerGroupDescriptions[0];

    /// <summary>Polls the member, and the others with it, until it has so many partitions.</summary>
    private static Task HasAsync(
        IConsumer<string, string> member, int partitions, params IConsumer<string, string>[] others) =>
        Eventually.TrueAsync(
            () =>
            {
                member.Consume(TimeSpan.FromMilliseconds(50));
                foreach (var other in others) other.Consume(TimeSpan.FromMilliseconds(50));
                return member.Assignment.Count == partitions;
            },
            $"{partitions} partitions are assigned",
            Rebalance);
}
