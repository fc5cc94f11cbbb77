using Tributary.EmbeddedKafka.Storage;
using Tributary.EmbeddedKafka.Tests.Wire;
using Tributary.EmbeddedKafka.Wire;
using Tributary.Testing;

namespace Tributary.EmbeddedKafka.Tests.Conformance;

/// <summary>What proper clients never send, and what only bytes show. On both brokers.</summary>
[TestFixtureSource(typeof(Brokers), nameof(Brokers.All))]
[Category("Integration")]
public sealed class Asking_by_hand(string kind)
{
    private WireClient client = null!;
    private string topic = "";

    [SetUp]
    public async Task ConnectAsync()
    {
        client = await WireClient.ConnectAsync(await Brokers.AddressAsync(kind));
        topic = $"by-hand-{Guid.NewGuid():N}";
        await CreateAsync(topic);
    }

    [TearDown]
    public async Task CloseAsync()
    {
        if (client is not null) await client.DisposeAsync();
    }

    [Test]
    public async Task A_version_of_ApiVersions_from_the_future_is_answered_with_what_is_offered()
    {
        await client.SendAsync(client.Frame(18, 99, flexible: true, writer => writer.NoTags()));

        var reader = new WireReader().Begin(await client.ReceiveAsync());
        reader.Int32();
        var response = ApiVersionsResponse.Read(reader, version: 0);

        Assert.Multiple(() =>
        {
            Assert.That(response.ErrorCode, Is.EqualTo(ErrorCode.UnsupportedVersion));
            Assert.That(response.ApiKeys.Single(api => api.ApiKey == 18).MaxVersion, Is.EqualTo(4));
        });
    }

    [TestCase((short)1, (short)99, TestName = "A_version_that_is_not_offered_closes_the_connection")]
    [TestCase((short)999, (short)0, TestName = "An_api_that_does_not_exist_closes_the_connection")]
    [TestCase((short)0, (short)2, TestName = "Produce_before_record_batches_closes_the_connection")]
    public async Task Closes(short key, short version)
    {
        await client.SendAsync(client.Frame(key, version, flexible: false, writer => writer.Int32(0)));

        Assert.That(await client.ReceiveAsync(), Is.Null);
    }

    [Test]
    public async Task A_batch_with_a_wrong_checksum_is_corrupt()
    {
        var batch = TestBatch.Values(1);
        batch[^1] ^= 1;

        Assert.That((await ProduceAsync(batch)).ErrorCode, Is.EqualTo(ErrorCode.CorruptMessage));
    }

    [Test]
    public async Task A_batch_over_the_topics_limit_is_too_large()
    {
        var batch = TestBatch.Of([(null, new string('x', 1_100_000))]);

        Assert.That((await ProduceAsync(batch)).ErrorCode, Is.EqualTo(ErrorCode.MessageTooLarge));
    }

    [Test]
    public async Task A_partition_that_is_not_there_is_unknown() =>
        Assert.That(
            (await ProduceAsync(TestBatch.Values(1), partition: 7)).ErrorCode,
            Is.EqualTo(ErrorCode.UnknownTopicOrPartition));

    [Test]
    public async Task Acks_of_two_are_refused() =>
        Assert.That(
            (await ProduceAsync(TestBatch.Values(1), acks: 2)).ErrorCode, Is.EqualTo(ErrorCode.InvalidRequiredAcks));

    [Test]
    public async Task Two_batches_for_one_partition_in_a_request_are_refused()
    {
        byte[] twice = [.. TestBatch.Values(1), .. TestBatch.Values(1)];

        Assert.That((await ProduceAsync(twice)).ErrorCode, Is.EqualTo(ErrorCode.InvalidRecord));
    }

    [Test]
    public async Task A_record_without_a_key_is_invalid_in_a_compacted_topic()
    {
        await CreateAsync(topic = $"{topic}-compacted", [new() { Name = "cleanup.policy", Value = "compact" }]);

        var keyless = await ProduceAsync(TestBatch.Of([("key", "x"), (null, "y")]));
        var keyed = await ProduceAsync(TestBatch.Of([("key", "x")]));

        Assert.That((keyless.ErrorCode, keyed.ErrorCode), Is.EqualTo((ErrorCode.InvalidRecord, ErrorCode.None)));
    }

    [Test]
    public async Task A_repeated_batch_of_a_producer_is_answered_with_its_first_offset_and_kept_once()
    {
        var producer = await NewProducerAsync();
        var first = await ProduceAsync(TestBatch.Values(3, producer, 0, 0));
        var second = await ProduceAsync(TestBatch.Values(2, producer, 0, 3));

        var repeated = await ProduceAsync(TestBatch.Values(3, producer, 0, 0));

        Assert.Multiple(async () =>
        {
            Assert.That((first.BaseOffset, second.BaseOffset), Is.EqualTo((0L, 3L)));
            Assert.That((repeated.ErrorCode, repeated.BaseOffset), Is.EqualTo((ErrorCode.None, 0L)));
            await Eventually.ThatAsync(EndAsync, Is.EqualTo(5));
        });
    }

    [Test]
    public async Task A_gap_in_a_producers_sequence_is_out_of_order()
    {
        var producer = await NewProducerAsync();
        var first = await ProduceAsync(TestBatch.Values(3, producer, 0, 0));
        var later = await ProduceAsync(TestBatch.Values(1, producer, 0, 5));

        Assert.That(
            (first.ErrorCode, later.ErrorCode), Is.EqualTo((ErrorCode.None, ErrorCode.OutOfOrderSequenceNumber)));
    }

    [Test]
    public async Task A_stale_epoch_of_a_producer_is_refused()
    {
        var producer = await NewProducerAsync();
        await ProduceAsync(TestBatch.Values(1, producer, 1, 0));

        Assert.That(
            (await ProduceAsync(TestBatch.Values(1, producer, 0, 0))).ErrorCode,
            Is.EqualTo(ErrorCode.InvalidProducerEpoch));
    }

    [Test]
    public async Task A_new_epoch_of_a_producer_begins_with_sequence_zero()
    {
        var producer = await NewProducerAsync();
        await ProduceAsync(TestBatch.Values(1, producer, 0, 0));

        var later = await ProduceAsync(TestBatch.Values(1, producer, 1, 4));
        var first = await ProduceAsync(TestBatch.Values(1, producer, 1, 0));

        Assert.That(
            (later.ErrorCode, first.ErrorCode), Is.EqualTo((ErrorCode.OutOfOrderSequenceNumber, ErrorCode.None)));
    }

    [Test]
    public async Task A_fetch_waits_for_as_many_bytes_as_it_asked_for()
    {
        await ProduceAsync(TestBatch.Values(1)); // Apache ends a wait early where a partition is new.
        var waiting = FetchAsync(offset: 1, minBytes: 1, maxWaitMs: 15_000);
        await using var other = await WireClient.ConnectAsync(await Brokers.AddressAsync(kind));
        await ProduceAsync(TestBatch.Values(1), through: other);

        var found = await waiting;

        Assert.That(
            (found.ErrorCode, found.HighWatermark, found.Records.Length > 0), Is.EqualTo((ErrorCode.None, 2L, true)));
    }

    [Test]
    public async Task A_fetch_beyond_the_end_is_out_of_range() =>
        Assert.That(
            (await FetchAsync(offset: 17, minBytes: 1, maxWaitMs: 1_000)).ErrorCode,
            Is.EqualTo(ErrorCode.OffsetOutOfRange));

    [Test]
    public async Task A_fetch_takes_the_first_batch_even_where_it_is_larger_than_asked_for()
    {
        await ProduceAsync(TestBatch.Of([(null, new string('x', 10_000))]));

        Assert.That(
            (await FetchAsync(offset: 0, minBytes: 1, maxWaitMs: 1_000, maxBytes: 10)).Records.Length,
            Is.GreaterThan(10_000));
    }

    [Test]
    public async Task A_fetched_batch_is_the_one_that_was_produced_at_its_place()
    {
        await ProduceAsync(TestBatch.Values(2));
        var sent = TestBatch.Of([("key", "value"), ("other", null)]);
        await ProduceAsync(sent);

        var records = (await FetchAsync(offset: 2, minBytes: 1, maxWaitMs: 1_000)).Records.Memory;

        Assert.Multiple(() =>
        {
            Assert.That(records[16..].ToArray(), Is.EqualTo(sent[16..]));
            Assert.That(new Batch(records.Span).BaseOffset, Is.EqualTo(2));
        });
    }

    [Test]
    public async Task A_heartbeat_of_an_unknown_member_is_told_so()
    {
        await FindCoordinatorAsync($"g-{topic}");

        var answer = await client.AskAsync<HeartbeatRequest, HeartbeatResponse>(
            ApiKey.Heartbeat, 4, new() { GroupId = $"g-{topic}", GenerationId = 1, MemberId = "nobody" });

        Assert.That(answer.ErrorCode, Is.EqualTo(ErrorCode.UnknownMemberId));
    }

    [Test]
    public async Task A_commit_with_an_illegal_generation_is_refused()
    {
        var (group, member, generation) = await JoinAloneAsync();

        var illegal = await CommitAsync(group, member, generation + 1);
        var legal = await CommitAsync(group, member, generation);

        Assert.That((illegal, legal), Is.EqualTo((ErrorCode.IllegalGeneration, ErrorCode.None)));
    }

    [Test]
    public async Task A_commit_for_a_partition_that_is_not_there_is_refused()
    {
        var (group, member, generation) = await JoinAloneAsync();

        Assert.That(
            await CommitAsync(group, member, generation, partition: 9), Is.EqualTo(ErrorCode.UnknownTopicOrPartition));
    }

    [Test]
    public async Task The_end_of_the_present_epoch_is_the_end_of_the_log()
    {
        await ProduceAsync(TestBatch.Values(4));

        var answer = await client.AskAsync<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse>(
            ApiKey.OffsetForLeaderEpoch, 4, new()
            {
                Topics = [new() { Topic = topic, Partitions = [new() { Partition = 0, LeaderEpoch = 0 }] }],
            });

        Assert.That(answer.Topics[0].Partitions[0].EndOffset, Is.EqualTo(4));
    }

    [Test]
    public async Task A_group_without_a_name_is_invalid()
    {
        var answer = await client.AskAsync<JoinGroupRequest, JoinGroupResponse>(
            ApiKey.JoinGroup, 7,
                new() { SessionTimeoutMs = 10_000, ProtocolType = "consumer", Protocols = [new() { Name = "range" }] });

        Assert.That(answer.ErrorCode, Is.EqualTo(ErrorCode.InvalidGroupId));
    }

    private async Task CreateAsync(string name, List<CreateTopicsRequest.CreatableTopicConfig>? settings = null)
    {
        var asked = new CreateTopicsRequest.CreatableTopic
        {
            Name = name,
            NumPartitions = 1,
            ReplicationFactor = 1,
            Configs = settings ?? [],
        };
        var created = await client.AskAsync<CreateTopicsRequest, CreateTopicsResponse>(
            ApiKey.CreateTopics, 7, new() { Topics = [asked] });
        Assert.That(created.Topics[0].ErrorCode, Is.EqualTo(ErrorCode.None));
        await Eventually.ThatAsync(
            async () => (await FetchAsync(offset: 0, minBytes: 0, maxWaitMs: 0)).ErrorCode, Is.Zero);
    }

    /// <summary>Apache Kafka makes the topic of its groups when a coordinator is first asked for.</summary>
    private async Task FindCoordinatorAsync(string group) => await Eventually.TrueAsync(
        async () =>
        {
            var found = await client.AskAsync<FindCoordinatorRequest, FindCoordinatorResponse>(
                ApiKey.FindCoordinator, 4, new() { CoordinatorKeys = [group] });
            if (found.Coordinators[0].ErrorCode != ErrorCode.None) return false;
            var beat = await client.AskAsync<HeartbeatRequest, HeartbeatResponse>(
                ApiKey.Heartbeat, 4, new() { GroupId = group, GenerationId = 1, MemberId = "nobody" });
            return beat.ErrorCode == ErrorCode.UnknownMemberId;
        },
        "the coordinator answers",
        TimeSpan.FromSeconds(30));

    private async Task<ProduceResponse.PartitionProduceResponse> ProduceAsync(
        byte[] batch, int partition = 0, short acks = -1, WireClient? through = null)
    {
        var answer = await (through ?? client).AskAsync<ProduceRequest, ProduceResponse>(ApiKey.Produce, 9, new()
        {
            Acks = acks,
            TimeoutMs = 5_000,
            TopicData =
                [new() { Name = topic, PartitionData = [new() { Index = partition, Records = new Records(batch) }] }],
        });
        return answer.Responses[0].PartitionResponses[0];
    }

    private async Task<FetchResponse.PartitionData> FetchAsync(
        long offset, int minBytes, int maxWaitMs, int maxBytes = 1_000_000)
    {
        var answer = await client.AskAsync<FetchRequest, FetchResponse>(ApiKey.Fetch, 12, new()
        {
            MaxWaitMs = maxWaitMs,
            MinBytes = minBytes,
            MaxBytes = maxBytes,
            Topics =
                [new() { Topic = topic, Partitions = [new() { FetchOffset = offset, PartitionMaxBytes = maxBytes }] }],
        });
        return answer.Responses[0].Partitions[0];
    }

    private async Task<long> EndAsync() => (await FetchAsync(offset: 0, minBytes: 0, maxWaitMs: 0)).HighWatermark;

    /// <summary>Apache Kafka needs a moment after its start before it gives out ids.</summary>
    private async Task<long> NewProducerAsync()
    {
        var given = new InitProducerIdResponse();
        await Eventually.TrueAsync(
            async () =>
            {
                given = await client.AskAsync<InitProducerIdRequest, InitProducerIdResponse>(
                    ApiKey.InitProducerId, 4, new() { TransactionalId = null });
                return given.ErrorCode == ErrorCode.None;
            },
            "a producer id is given");
        return given.ProducerId;
    }

    private async Task<(string Group, string Member, int Generation)> JoinAloneAsync()
    {
        var request = new JoinGroupRequest
        {
            GroupId = $"group-{topic}",
            SessionTimeoutMs = 10_000,
            RebalanceTimeoutMs = 10_000,
            ProtocolType = "consumer",
            Protocols = [new() { Name = "range", Metadata = new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 } }],
        };
        await FindCoordinatorAsync(request.GroupId);
        var asked = await client.AskAsync<JoinGroupRequest, JoinGroupResponse>(ApiKey.JoinGroup, 7, request);
        Assert.That(asked.ErrorCode, Is.EqualTo(ErrorCode.MemberIdRequired));
        request.MemberId = asked.MemberId;
        var joined = await client.AskAsync<JoinGroupRequest, JoinGroupResponse>(ApiKey.JoinGroup, 7, request);
        var synced = await client.AskAsync<SyncGroupRequest, SyncGroupResponse>(ApiKey.SyncGroup, 5, new()
        {
            GroupId = request.GroupId,
            GenerationId = joined.GenerationId,
            MemberId = request.MemberId,
            ProtocolType = "consumer",
            ProtocolName = "range",
            Assignments = [new() { MemberId = request.MemberId, Assignment = new byte[] { 1 } }],
        });
        Assert.That(synced.Assignment.ToArray(), Is.EqualTo(new byte[] { 1 }));
        return (request.GroupId, request.MemberId, joined.GenerationId);
    }

    private async Task<short> CommitAsync(string group, string member, int generation, int partition = 0)
    {
        var answer = await client.AskAsync<OffsetCommitRequest, OffsetCommitResponse>(ApiKey.OffsetCommit, 8, new()
        {
            GroupId = group,
            GenerationIdOrMemberEpoch = generation,
            MemberId = member,
            Topics = [new() { Name = topic, Partitions = [new() { PartitionIndex = partition, CommittedOffset = 1 }] }],
        });
        return answer.Topics[0].Partitions[0].ErrorCode;
    }
}
