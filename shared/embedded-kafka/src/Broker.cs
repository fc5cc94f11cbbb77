using System.Net;
using Microsoft.Extensions.Logging;
using Tributary.EmbeddedKafka.Apis;
using Tributary.EmbeddedKafka.Groups;
using Tributary.EmbeddedKafka.Network;
using Tributary.EmbeddedKafka.Storage;
using Tributary.EmbeddedKafka.Topics;
using Tributary.EmbeddedKafka.Wire;

namespace Tributary.EmbeddedKafka;

/// <summary>
/// A durable single-node broker that speaks Kafka's wire protocol on loopback. What it acknowledged is in its files: a
/// kill of the process loses none of it.
/// </summary>
public sealed class Broker : IAsyncDisposable
{
    private readonly BrokerFolder folder;
    private readonly TopicCatalogue topics;
    private readonly GroupStore groups;
    private readonly Listener listener;
    private readonly Upkeep upkeep;

    private Broker(BrokerOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        options.Validate();
        folder = new BrokerFolder(options.DataFolder);
        var surroundings =
            new LogSurroundings(options.Policy, time, loggers.CreateLogger("Tributary.EmbeddedKafka.Storage"));
        topics = new TopicCatalogue(Path.Combine(options.DataFolder, "topics"), options, surroundings);
        groups = new GroupStore(Path.Combine(options.DataFolder, "groups"), surroundings);
        upkeep = new Upkeep(topics, groups, surroundings, options);
        var dispatcher = new Dispatcher();
        listener = new Listener(dispatcher, options, time, loggers.CreateLogger<Listener>());
        listener.Bind();

        var self =
            new BrokerIdentity(
            folder.ClusterId, options.Listen.Address.ToString(), options.AdvertisedPort ?? listener.Address.Port);
        var coordinator = new GroupCoordinator(groups, options, time, loggers.CreateLogger<GroupCoordinator>());
        AnswerData(dispatcher, options, time);
        AnswerTopics(dispatcher, options, self);
        AnswerGroups(dispatcher, coordinator, time);
        topics.Load();
        groups.Load();
        coordinator.Resume();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address => listener.Address;

    /// <summary>Opens the data folder, brings it in order after any kind of stop, and begins to answer.</summary>
    public static Broker Start(BrokerOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        var broker = new Broker(options, time, loggers);
        broker.upkeep.Start();
        broker.listener.Start();
        return broker;
    }

    public async ValueTask DisposeAsync()
    {
        await listener.DisposeAsync();
        await upkeep.DisposeAsync();
        topics.Dispose();
        groups.Dispose();
        folder.Dispose();
    }

    private void AnswerData(Dispatcher dispatcher, BrokerOptions options, TimeProvider time)
    {
        var produce = new ProduceApi(topics, options);
        var fetch = new FetchApi(topics, time);
        var logs = new LogApi(topics, options, folder);
        dispatcher.On<ProduceRequest>(ApiKey.Produce, produce.ProduceAsync);
        dispatcher.On<FetchRequest>(ApiKey.Fetch, fetch.FetchAsync);
        dispatcher.On<ListOffsetsRequest>(ApiKey.ListOffsets, logs.ListOffsets);
        dispatcher.On<OffsetForLeaderEpochRequest>(ApiKey.OffsetForLeaderEpoch, logs.OffsetForLeaderEpoch);
        dispatcher.On<DeleteRecordsRequest>(ApiKey.DeleteRecords, logs.DeleteRecordsAsync);
        dispatcher.On<DescribeLogDirsRequest>(ApiKey.DescribeLogDirs, logs.DescribeLogDirs);
        dispatcher.On<InitProducerIdRequest>(ApiKey.InitProducerId, logs.InitProducerId);
    }

    private void AnswerTopics(Dispatcher dispatcher, BrokerOptions options, BrokerIdentity self)
    {
        var metadata = new MetadataApi(topics, self, options);
        var changes = new TopicApi(topics, self, options, groups);
        var configs = new ConfigApi(topics, self, new BrokerSettings(options, self));
        dispatcher.On<ApiVersionsRequest>(ApiKey.ApiVersions, MetadataApi.ApiVersions);
        dispatcher.On<MetadataRequest>(ApiKey.Metadata, metadata.Metadata);
        dispatcher.On<DescribeTopicPartitionsRequest>(ApiKey.DescribeTopicPartitions, metadata.DescribeTopicPartitions);
        dispatcher.On<DescribeClusterRequest>(ApiKey.DescribeCluster, metadata.DescribeCluster);
        dispatcher.On<FindCoordinatorRequest>(ApiKey.FindCoordinator, metadata.FindCoordinator);
        dispatcher.On<CreateTopicsRequest>(ApiKey.CreateTopics, changes.CreateTopics);
        dispatcher.On<DeleteTopicsRequest>(ApiKey.DeleteTopics, changes.DeleteTopicsAsync);
        dispatcher.On<CreatePartitionsRequest>(ApiKey.CreatePartitions, changes.CreatePartitions);
        dispatcher.On<DescribeConfigsRequest>(ApiKey.DescribeConfigs, configs.Describe);
        dispatcher.On<AlterConfigsRequest>(ApiKey.AlterConfigs, configs.Alter);
        dispatcher.On<IncrementalAlterConfigsRequest>(ApiKey.IncrementalAlterConfigs, configs.AlterIncrementally);
    }

    private void AnswerGroups(Dispatcher dispatcher, GroupCoordinator coordinator, TimeProvider time)
    {
        var members = new GroupApi(coordinator);
        var admin = new GroupAdminApi(groups);
        var offsets = new OffsetApi(groups, coordinator, topics, time);
        dispatcher.On<JoinGroupRequest>(ApiKey.JoinGroup, members.JoinAsync);
        dispatcher.On<SyncGroupRequest>(ApiKey.SyncGroup, members.SyncAsync);
        dispatcher.On<HeartbeatRequest>(ApiKey.Heartbeat, members.Heartbeat);
        dispatcher.On<LeaveGroupRequest>(ApiKey.LeaveGroup, members.Leave);
        dispatcher.On<ListGroupsRequest>(ApiKey.ListGroups, admin.List);
        dispatcher.On<DescribeGroupsRequest>(ApiKey.DescribeGroups, admin.Describe);
        dispatcher.On<DeleteGroupsRequest>(ApiKey.DeleteGroups, admin.DeleteAsync);
        dispatcher.On<OffsetCommitRequest>(ApiKey.OffsetCommit, offsets.CommitAsync);
        dispatcher.On<OffsetFetchRequest>(ApiKey.OffsetFetch, offsets.Fetch);
        dispatcher.On<OffsetDeleteRequest>(ApiKey.OffsetDelete, offsets.DeleteAsync);
    }
}
