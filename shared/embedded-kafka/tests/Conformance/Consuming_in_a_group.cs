using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Tributary.Testing;
using Tributary.Testing.Parts;

namespace Tributary.EmbeddedKafka.Tests.Conformance;

/// <summary>Consumer groups by librdkafka: members that join, leave, die and come back. On both brokers.</summary>
[TestFixtureSource(typeof(Brokers), nameof(Brokers.All))]
[Category("Integration")]
public sealed class Consuming_in_a_group(string kind)
{
    private static readonly TimeSpan Rebalance = TimeSpan.FromSeconds(40);

    private readonly List<IConsumer<string, string>> members = [];
    private Librdkafka kafka = null!;
    private TemporaryFolder folder = null!;
    private string group = "";

    [SetUp]
    public async Task ConnectAsync()
    {
        kafka = await Librdkafka.ForAsync(kind);
        folder = new TemporaryFolder("group");
        group = $"group-{Guid.NewGuid():N}";
    }

    [TearDown]
    public void Close()
    {
        foreach (var member in members) member.Dispose();
        members.Clear();
        kafka?.Dispose();
        folder?.Dispose();
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
    public async Task A_member_that_is_killed_is_replaced_and_what_it_had_not_committed_is_read_again()
    {
        var topic = await kafka.NewTopicAsync(partitions: 4);
        var survivor = Join(topic);
        await HasAsync(survivor, 4);
        await using var victim = await StartKcatAsync(topic, survivor);
        await HasAsync(survivor, 2);
        for (var partition = 0; partition < 4; partition++) await kafka.SendAsync(topic, 10, partition);

        await victim.KillAsync(); // It can't leave: the broker has to notice that it is gone.

        var read = new HashSet<TopicPartitionOffset>();
        await Eventually.TrueAsync(
            () =>
            {
                if (survivor.Consume(TimeSpan.FromMilliseconds(50)) is { } record)
                    read.Add(record.TopicPartitionOffset);
                return read.Count == 40;
            },
            "every record of every partition came to the one that is left",
            Rebalance);
        await HasAsync(survivor, 4);
        Assert.That((await DescribeAsync()).Members, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_static_member_that_is_killed_comes_back_to_its_partitions_and_the_others_keep_theirs()
    {
        var topic = await kafka.NewTopicAsync(partitions: 4);
        var assignments = 0;
        var other = Join(
            topic, config => config.GroupInstanceId = "one", builder => builder.SetPartitionsAssignedHandler(
            (_, _) => assignments++));
        await HasAsync(other, 4);
        string[] settings = ["-X", "group.instance.id=two", "-X", "session.timeout.ms=45000"];
        await using var victim = await StartKcatAsync(topic, other, settings);
        await HasAsync(other, 2);
        var (before, had) = (assignments, other.Assignment);
        var former = (await DescribeAsync()).Members.Single(one => one.GroupInstanceId == "two");

        await victim.KillAsync();
        await victim.LaunchAsync();

        await Eventually.TrueAsync(
            async () =>
            {
                other.Consume(TimeSpan.FromMilliseconds(50));
                var back = (await DescribeAsync()).Members.Single(one => one.GroupInstanceId == "two");
                return back.ConsumerId != former.ConsumerId
                    && back.Assignment.TopicPartitions.ToHashSet().SetEquals(former.Assignment.TopicPartitions);
            },
            "the member is there again, under a new id and with its partitions",
            Rebalance);
        Assert.That((assignments, other.Assignment), Is.EqualTo((before, had)), "no rebalance touched the other one");
    }

    [Test]
    public async Task Two_groups_read_everything_and_do_not_see_each_others_offsets()
    {
        var topic = await kafka.NewTopicAsync(partitions: 2);
        for (var partition = 0; partition < 2; partition++) await kafka.SendAsync(topic, 20, partition);
        var first = Join(topic);
        var read = Librdkafka.Take(first, 40);
        first.Commit();
        group += "-other";
        var second = Join(topic);

        var again = Librdkafka.Take(second, 40);

        Assert.Multiple(() =>
        {
            Assert.That(
                again.Select(record => record.TopicPartitionOffset),
                Is.EquivalentTo(read.Select(record => record.TopicPartitionOffset)));
            Assert.That(
                first.Committed(Librdkafka.Patience).Select(at => at.Offset.Value), Is.EqualTo(new[] { 20, 20 }));
            Assert.That(
                second.Committed(Librdkafka.Patience).Select(at => at.Offset), Is.All.EqualTo(Offset.Unset));
        });
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

        Assert.Multiple(() =>
        {
            Assert.That(described.State, Is.EqualTo(ConsumerGroupState.Stable));
            Assert.That(described.Members, Has.Count.EqualTo(1));
            Assert.That(listed.Valid.Select(one => one.GroupId), Does.Contain(group));
            Assert.That(busy!.Results[0].Error.Code, Is.EqualTo(ErrorCode.NonEmptyGroup));
        });
        await Eventually.ThatAsync(
            async () => (await kafka.Admin.ListConsumerGroupsAsync()).Valid.Select(one => one.GroupId).ToList(),
            Does.Not.Contain(group));
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

    /// <summary>A member in a process of its own; returns when it has a part of the partitions.</summary>
    private async Task<Part> StartKcatAsync(string topic, IConsumer<string, string> other, params string[] settings)
    {
        var part = new Part(new PartCommand
        {
            Name = "kcat",
            CommandLine =
            [
                RealService.Tool("kcat"), "-q", "-b", kafka.Address, "-X", "session.timeout.ms=6000",
                "-X", "auto.offset.reset=earliest", "-X", "enable.auto.commit=false", .. settings, "-G", group, topic,
            ],
            LogFile = Path.Combine(folder.FullName, "kcat.log"),
            ReadyWithin = Rebalance,
            IsReady = async _ =>
            {
                other.Consume(TimeSpan.FromMilliseconds(50));
                var described = await DescribeAsync();
                return described is { State: ConsumerGroupState.Stable, Members.Count: 2 };
            },
        });
        await part.StartAsync(CancellationToken.None);
        return part;
    }

    private IConsumer<string, string> Join(
        string topic, Action<ConsumerConfig>? change = null, Action<ConsumerBuilder<string, string>>? build = null)
    {
        var member = kafka.Consumer(group, change, build);
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
