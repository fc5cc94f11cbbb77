using System.Net.Sockets;
using Tributary.EmbeddedKafka.Network;
using Tributary.EmbeddedKafka.Tests.Wire;
using Tributary.EmbeddedKafka.Wire;
using Tributary.Testing;

namespace Tributary.EmbeddedKafka.Tests;

/// <summary>What many or greedy clients can take from a broker, and what is left for the others.</summary>
public sealed class Keeping_to_the_limits
{
    private const int LargeBytes = 700_000;

    private TemporaryFolder folder = null!;

    [SetUp]
    public void Prepare() => folder = new TemporaryFolder("limits");

    [TearDown]
    public void Clean() => folder.Dispose();

    [Test]
    public async Task A_connection_beyond_the_limit_is_closed_until_another_one_ends()
    {
        await using var broker = Brokers.Start(Options(connectionsMax: 2));
        await using var first = await ConnectAsync(broker);
        var second = await ConnectAsync(broker);
        Assert.That(await AnswersAsync(first) && await AnswersAsync(second), "as many as the limit are served");

        await using var third = await ConnectAsync(broker);
        Assert.That(await AnswersAsync(third), Is.False);
        await second.DisposeAsync();

        await Eventually.TrueAsync(
            async () =>
            {
                await using var next = await ConnectAsync(broker);
                return await AnswersAsync(next);
            },
            "a place became free");
        Assert.That(await AnswersAsync(first), "who was there is served all the time");
    }

    [Test]
    public void Bytes_beyond_the_budget_are_waited_for_in_turn()
    {
        var budget = new ByteBudget(100);
        var first = budget.TakeAsync(80);
        var second = budget.TakeAsync(60);
        var third = budget.TakeAsync(10);

        var before = (first.IsCompleted, second.IsCompleted, third.IsCompleted);
        budget.Return(80);

        Assert.Multiple(() =>
        {
            Assert.That(before, Is.EqualTo((true, false, false)), "who came later does not overtake");
            Assert.That((second.IsCompleted, third.IsCompleted), Is.EqualTo((true, true)));
        });
    }

    [Test]
    public async Task A_large_request_that_does_not_arrive_makes_room_for_others()
    {
        await using var broker = Brokers.Start(Options(inFlightBytesMax: 1_000_000));
        await using var asking = await ConnectAsync(broker);
        await CreateTopicAsync(asking);
        await using var stuck = await ConnectAsync(broker);
        var frame = stuck.Frame(0, 9, flexible: true, writer => Large().Write(writer, 9));
        await stuck.SendAsync(frame.AsMemory(0, frame.Length - 1));
        await using var other = await ConnectAsync(broker);

        var answer = await other.AskAsync<ProduceRequest, ProduceResponse>(ApiKey.Produce, 9, Large());

        Assert.Multiple(async () =>
        {
            Assert.That(answer.Responses[0].PartitionResponses[0].ErrorCode, Is.EqualTo(ErrorCode.None));
            Assert.That(await AnswersAsync(asking), "small requests pass");
            Assert.That(await stuck.ReceiveAsync(), Is.Null, "who held the bytes was cut off");
        });
    }

    [Test]
    public async Task A_client_that_never_reads_its_answers_is_not_read_from_and_costs_no_memory()
    {
        await using var broker = Brokers.Start(Options());
        await using var other = await ConnectAsync(broker);
        await CreateTopicAsync(other);
        for (var batch = 0; batch < 8; batch++)
            await other.AskAsync<ProduceRequest, ProduceResponse>(ApiKey.Produce, 9, Large());
        using var greedy = new Socket(SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        await greedy.ConnectAsync(broker.Address);
        var fetches = Enumerable.Range(0, 200).SelectMany(_ => FetchFrame(other)).ToArray();
        var before = GC.GetTotalMemory(forceFullCollection: true);

        // The system's buffers fill, then the broker stops taking requests, and sending comes to a halt.
        var sent = 0;
        await Eventually.TrueAsync(
            () =>
            {
                try
                {
                    for (var turn = 0; turn < 1_000; turn++) sent += greedy.Send(fetches);
                    return false;
                }
                catch (SocketException full) when (full.SocketErrorCode == SocketError.WouldBlock)
                {
                    return true;
                }
            },
            "the greedy client can't send any more");

        Assert.Multiple(async () =>
        {
            Assert.That(await AnswersAsync(other), "others are served");
            Assert.That(
                GC.GetTotalMemory(forceFullCollection: true) - before, Is.LessThan(20_000_000),
                $"bytes in memory for {sent} bytes of requests");
        });
    }

    [Test]
    public async Task A_group_takes_no_more_members_than_the_limit()
    {
        await using var broker = Brokers.Start(Options(groupMembersMax: 1));
        await using var client = await ConnectAsync(broker);
        var first = await JoinAsync(client);
        var second = await JoinAsync(client);

        Assert.That(
            (first.ErrorCode, second.ErrorCode),
            Is.EqualTo((ErrorCode.MemberIdRequired, ErrorCode.GroupMaxSizeReached)));
    }

    private BrokerOptions Options(
        int connectionsMax = 1_000, int groupMembersMax = 1_000, int inFlightBytesMax = 64_000_000) => new()
        {
            DataFolder = folder.FullName,
            Listen = new(System.Net.IPAddress.Loopback, 0),
            RequestBytesMax = Math.Min(inFlightBytesMax, 64_000_000),
            InFlightBytesMax = inFlightBytesMax,
            RequestArrivesWithin = TimeSpan.FromSeconds(1),
            ConnectionsMax = connectionsMax,
            GroupMembersMax = groupMembersMax,
        };

    private static Task<WireClient> ConnectAsync(Broker broker) => WireClient.ConnectAsync(broker.Address.ToString());

    private static async Task<bool> AnswersAsync(WireClient client)
    {
        try
        {
            await client.AskAsync<ApiVersionsRequest, ApiVersionsResponse>(ApiKey.ApiVersions, 0, new());
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task CreateTopicAsync(WireClient client)
    {
        var created = await client.AskAsync<CreateTopicsRequest, CreateTopicsResponse>(
            ApiKey.CreateTopics, 7,
            new() { Topics = [new() { Name = "t", NumPartitions = 1, ReplicationFactor = 1 }] });
        Assert.That(created.Topics[0].ErrorCode, Is.EqualTo(ErrorCode.None));
    }

    private static ProduceRequest Large() => new()
    {
        Acks = -1,
        TimeoutMs = 5_000,
        TopicData =
        [
            new()
            {
                Name = "t",
                PartitionData = [new() { Records = new Records(TestBatch.Of([(null, new string('x', LargeBytes))])) }],
            },
        ],
    };

    private static byte[] FetchFrame(WireClient client) => client.Frame(1, 12, flexible: true, writer =>
        new FetchRequest
        {
            MaxBytes = 50_000_000,
            Topics = [new() { Topic = "t", Partitions = [new() { PartitionMaxBytes = 50_000_000 }] }],
        }.Write(writer, 12));

    private static Task<JoinGroupResponse> JoinAsync(WireClient client) =>
        client.AskAsync<JoinGroupRequest, JoinGroupResponse>(ApiKey.JoinGroup, 7, new()
        {
            GroupId = "small",
            SessionTimeoutMs = 10_000,
            RebalanceTimeoutMs = 10_000,
            ProtocolType = "consumer",
            Protocols = [new() { Name = "range" }],
        });
}
