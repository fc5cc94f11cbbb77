// Made by shared/embedded-kafka/generator from Kafka's message definitions.
namespace Tributary.EmbeddedKafka.Wire;

internal enum ApiKey : short
{
    Produce = 0,
    Fetch = 1,
    ListOffsets = 2,
    Metadata = 3,
    OffsetCommit = 8,
    OffsetFetch = 9,
    FindCoordinator = 10,
    JoinGroup = 11,
    Heartbeat = 12,
    LeaveGroup = 13,
    SyncGroup = 14,
    DescribeGroups = 15,
    ListGroups = 16,
    ApiVersions = 18,
    CreateTopics = 19,
    DeleteTopics = 20,
    DeleteRecords = 21,
    InitProducerId = 22,
    OffsetForLeaderEpoch = 23,
    DescribeConfigs = 32,
    AlterConfigs = 33,
    DescribeLogDirs = 35,
    CreatePartitions = 37,
    DeleteGroups = 42,
    IncrementalAlterConfigs = 44,
    OffsetDelete = 47,
    DescribeCluster = 60,
    DescribeTopicPartitions = 75,
}

/// <summary>An API, its versions that are offered, the first with compact lengths and tagged fields.</summary>
internal readonly record struct Api(ApiKey Key, short First, short Last, short Flexible);

internal static class OfferedApis
{
    public static readonly Api[] All =
    [
        new(ApiKey.Produce, 3, 11, 9),
        new(ApiKey.Fetch, 4, 17, 12),
        new(ApiKey.ListOffsets, 1, 10, 6),
        new(ApiKey.Metadata, 0, 12, 9),
        new(ApiKey.OffsetCommit, 2, 9, 8),
        new(ApiKey.OffsetFetch, 1, 9, 6),
        new(ApiKey.FindCoordinator, 0, 6, 3),
        new(ApiKey.JoinGroup, 0, 9, 6),
        new(ApiKey.Heartbeat, 0, 4, 4),
        new(ApiKey.LeaveGroup, 0, 5, 4),
        new(ApiKey.SyncGroup, 0, 5, 4),
        new(ApiKey.DescribeGroups, 0, 5, 5),
        new(ApiKey.ListGroups, 0, 5, 3),
        new(ApiKey.ApiVersions, 0, 4, 3),
        new(ApiKey.CreateTopics, 2, 7, 5),
        new(ApiKey.DeleteTopics, 1, 6, 4),
        new(ApiKey.DeleteRecords, 0, 2, 2),
        new(ApiKey.InitProducerId, 0, 5, 2),
        new(ApiKey.OffsetForLeaderEpoch, 2, 4, 4),
        new(ApiKey.DescribeConfigs, 1, 4, 4),
        new(ApiKey.AlterConfigs, 0, 2, 2),
        new(ApiKey.DescribeLogDirs, 1, 4, 2),
        new(ApiKey.CreatePartitions, 0, 3, 2),
        new(ApiKey.DeleteGroups, 0, 2, 2),
        new(ApiKey.IncrementalAlterConfigs, 0, 1, 1),
        new(ApiKey.OffsetDelete, 0, 0, short.MaxValue),
        new(ApiKey.DescribeCluster, 0, 1, 0),
        new(ApiKey.DescribeTopicPartitions, 0, 0, 0),
    ];
}
