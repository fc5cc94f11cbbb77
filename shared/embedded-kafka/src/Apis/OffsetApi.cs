using Tributary.EmbeddedKafka.Groups;
using Tributary.EmbeddedKafka.Network;
using Tributary.EmbeddedKafka.Topics;
using Tributary.EmbeddedKafka.Wire;

namespace Tributary.EmbeddedKafka.Apis;

/// <summary>Offsets that groups commit: kept before they are acknowledged.</summary>
internal sealed class OffsetApi(
    GroupStore groups, GroupCoordinator coordinator, TopicCatalogue topics, TimeProvider time)
{
    private const int MetadataMax = 4096;
    private const short FirstVersionOfMany = 8;

    public async ValueTask<IElement?> CommitAsync(OffsetCommitRequest request, RequestContext context)
    {
        var group = request.GroupId.Length == 0 && request.GenerationIdOrMemberEpoch >= 0 ? null
            : groups.FindOrAdd(request.GroupId);
        var error = group is null
            ? ErrorCode.InvalidGroupId
            : coordinator.CheckCommit(
                group, request.MemberId, request.GroupInstanceId, request.GenerationIdOrMemberEpoch);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var commits = new List<((string Topic, int Partition) At, CommittedOffset Offset)>();
        var response = new OffsetCommitResponse();
        foreach (var topic in request.Topics)
        {
            var result = new OffsetCommitResponse.OffsetCommitResponseTopic { Name = topic.Name };
            foreach (var partition in topic.Partitions)
            {
                var refused = error != ErrorCode.None ? error : Refuse(topic.Name, partition);
                result.Partitions.Add(new() { PartitionIndex = partition.PartitionIndex, ErrorCode = refused });
                if (refused != ErrorCode.None) continue;
                commits.Add(((topic.Name, partition.PartitionIndex), new CommittedOffset(
                    partition.CommittedOffset, partition.CommittedLeaderEpoch, partition.CommittedMetadata ?? "",
                        now)));
            }

            response.Topics.Add(result);
        }

        if (commits.Count > 0 && !await TryCommitAsync(group!, commits)) Fail(response);
        return response;
    }

    public IElement Fetch(OffsetFetchRequest request, RequestContext context)
    {
        if (context.Version < FirstVersionOfMany) return FetchOne(request);
        return new OffsetFetchResponse
        {
            Groups =
            [
                .. request.Groups.Select(asked => new OffsetFetchResponse.OffsetFetchResponseGroup
                {
                    GroupId = asked.GroupId,
                    Topics =
                    [
                        .. Places(asked.GroupId, asked.Topics?.Select(topic => (topic.Name, topic.PartitionIndexes)))
                            .Select(topic => new OffsetFetchResponse.OffsetFetchResponseTopics
                            {
                                Name = topic.Name,
                                Partitions =
                                [
                                    .. topic.Offsets.Select(one => new OffsetFetchResponse.OffsetFetchResponsePartitions
                                    {
                                        PartitionIndex = one.Partition,
                                        CommittedOffset = one.Offset?.Offset ?? -1,
                                        CommittedLeaderEpoch = one.Offset?.LeaderEpoch ?? -1,
                                        Metadata = one.Offset?.Metadata ?? "",
                                    }),
                                ],
                            }),
                    ],
                }),
            ],
        };
    }

    public async ValueTask<IElement?> DeleteAsync(OffsetDeleteRequest request, RequestContext context)
    {
        if (groups.Find(request.GroupId) is not { } group)
            return new OffsetDeleteResponse { ErrorCode = ErrorCode.GroupIdNotFound };

        var subscribed = Subscriptions.Of(group);
        var response = new OffsetDeleteResponse();
        var gone = new List<(string, int)>();
        foreach (var topic in request.Topics)
        {
            var result = new OffsetDeleteResponse.OffsetDeleteResponseTopic { Name = topic.Name };
            foreach (var partition in topic.Partitions)
            {
                var error = topics.Partition(topic.Name, partition.PartitionIndex) is null
                    ? ErrorCode.UnknownTopicOrPartition
                    : subscribed.Contains(topic.Name) ? ErrorCode.GroupSubscribedToTopic
                    : ErrorCode.None;
                result.Partitions.Add(new() { PartitionIndex = partition.PartitionIndex, ErrorCode = error });
                if (error == ErrorCode.None) gone.Add((topic.Name, partition.PartitionIndex));
            }

            response.Topics.Add(result);
        }

        await groups.ForgetAsync(group, gone);
        return response;
    }

    private short Refuse(string topic, OffsetCommitRequest.OffsetCommitRequestPartition partition) =>
        topics.Partition(topic, partition.PartitionIndex) is null ? ErrorCode.UnknownTopicOrPartition
        : partition.CommittedMetadata?.Length > MetadataMax ? ErrorCode.OffsetMetadataTooLarge
        : ErrorCode.None;

    private async ValueTask<bool> TryCommitAsync(
        Group group, List<((string Topic, int Partition) At, CommittedOffset Offset)> commits)
    {
        try
        {
            await groups.CommitAsync(group, commits);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static void Fail(OffsetCommitResponse response)
    {
        foreach (var topic in response.Topics)
        {
            foreach (var partition in topic.Partitions.Where(partition => partition.ErrorCode == ErrorCode.None))
                // What Kafka answers where its offsets can't be written.
                partition.ErrorCode = ErrorCode.CoordinatorNotAvailable;
        }
    }

    private OffsetFetchResponse FetchOne(OffsetFetchRequest request) => new()
    {
        Topics =
        [
            .. Places(request.GroupId, request.Topics?.Select(topic => (topic.Name, topic.PartitionIndexes)))
                .Select(topic => new OffsetFetchResponse.OffsetFetchResponseTopic
                {
                    Name = topic.Name,
                    Partitions =
                    [
                        .. topic.Offsets.Select(one => new OffsetFetchResponse.OffsetFetchResponsePartition
                        {
                            PartitionIndex = one.Partition,
                            CommittedOffset = one.Offset?.Offset ?? -1,
                            CommittedLeaderEpoch = one.Offset?.LeaderEpoch ?? -1,
                            Metadata = one.Offset?.Metadata ?? "",
                        }),
                    ],
                }),
        ],
    };

    private List<(string Name, List<(int Partition, CommittedOffset? Offset)> Offsets)> Places(
        string groupId, IEnumerable<(string Name, List<int> Partitions)>? asked)
    {
        var group = groups.Find(groupId);
        if (group is null)
            return [
                .. (asked ?? [])
                .Select(topic => (topic.Name, topic.Partitions.ConvertAll(p => (p, (CommittedOffset?)null))))];
        lock (group.Gate)
        {
            asked ??= group.Offsets.Keys.GroupBy(at => at.Topic)
                .Select(topic => (topic.Key, topic.Select(at => at.Partition).ToList()));
            return
            [
                .. asked.Select(topic => (topic.Name, topic.Partitions.ConvertAll(
                    partition => (partition, group.Offsets.GetValueOrDefault((topic.Name, partition)))))),
            ];
        }
    }
}
