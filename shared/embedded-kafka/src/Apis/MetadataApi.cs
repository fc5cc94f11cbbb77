using Tributary.EmbeddedKafka.Network;
using Tributary.EmbeddedKafka.Storage;
using Tributary.EmbeddedKafka.Topics;
using Tributary.EmbeddedKafka.Wire;

namespace Tributary.EmbeddedKafka.Apis;

using Described = DescribeTopicPartitionsResponse;

/// <summary>What a client learns of this broker and of its topics: a cluster of one.</summary>
internal sealed class MetadataApi(TopicCatalogue topics, BrokerIdentity self, BrokerOptions options)
{
    private const int OperationsUnknown = int.MinValue;
    private const int TopicOperations = 0b1101_1111_1000; // All that Kafka names for a topic.
    private const int ClusterOperations = 0b1_1111_1010_0000; // All that Kafka names for a cluster.
    private const sbyte BrokerEndpoints = 1;
    private const sbyte GroupCoordinator = 0;

    public static IElement ApiVersions(ApiVersionsRequest request, RequestContext context) => new ApiVersionsResponse
    {
        ApiKeys =
        [
            .. OfferedApis.All.Select(api => new ApiVersionsResponse.ApiVersion
            {
                ApiKey = (short)api.Key,
                // Older librdkafka takes a broker without the first version of Produce to lack compression: Kafka lists
                // it, too.
                MinVersion = api.Key == ApiKey.Produce ? (short)0 : api.First,
                MaxVersion = api.Last,
            }),
        ],
    };

    public IElement Metadata(MetadataRequest request, RequestContext context)
    {
        var response = new MetadataResponse
        {
            ClusterId = self.ClusterId,
            ControllerId = self.NodeId,
            Brokers = [new() { NodeId = self.NodeId, Host = self.Host, Port = self.Port }],
            ClusterAuthorizedOperations = request.IncludeClusterAuthorizedOperations ? ClusterOperations
                : OperationsUnknown,
        };
        var all = request.Topics is null || context.Version == 0 && request.Topics.Count == 0;
        if (all)
        {
            response.Topics.AddRange(topics.All.OrderBy(topic => topic.Name, StringComparer.Ordinal)
                .Select(topic => Describe(topic, request)));
            return response;
        }

        foreach (var asked in request.Topics!)
        {
            response.Topics.Add(asked.Name is { } name
                ? ByName(name, request)
                : topics.Find(asked.TopicId) is { } topic ? Describe(topic, request)
                : new() { ErrorCode = ErrorCode.UnknownTopicId, Name = null!, TopicId = asked.TopicId });
        }

        return response;
    }

    public IElement DescribeTopicPartitions(DescribeTopicPartitionsRequest request, RequestContext context)
    {
        var response = new Described();
        var names = request.Topics.Count > 0
            ? request.Topics.Select(topic => topic.Name)
            : topics.All.Select(topic => topic.Name);
        var left = Math.Clamp(request.ResponsePartitionLimit, 1, 2000);
        foreach (var name in names.Distinct().Order(StringComparer.Ordinal))
        {
            var from = 0;
            if (request.Cursor is { } cursor)
            {
                var order = string.CompareOrdinal(name, cursor.TopicName);
                if (order < 0) continue;
                if (order == 0) from = Math.Max(0, cursor.PartitionIndex);
            }

            if (left == 0)
            {
                response.NextCursor = new() { TopicName = name, PartitionIndex = from };
                break;
            }

            var topic = topics.Find(name);
            response.Topics.Add(Describe(name, topic, from, left));
            var more = (topic?.Partitions.Length ?? 0) - from;
            if (more > left)
            {
                response.NextCursor = new() { TopicName = name, PartitionIndex = from + left };
                break;
            }

            left -= Math.Max(0, more);
        }

        return response;
    }

    public IElement DescribeCluster(DescribeClusterRequest request, RequestContext context) =>
        request.EndpointType == BrokerEndpoints
            ? new DescribeClusterResponse
            {
                ClusterId = self.ClusterId,
                ControllerId = self.NodeId,
                Brokers = [new() { BrokerId = self.NodeId, Host = self.Host, Port = self.Port }],
                ClusterAuthorizedOperations =
                    request.IncludeClusterAuthorizedOperations ? ClusterOperations : OperationsUnknown,
            }
            : new DescribeClusterResponse
            {
                ErrorCode = ErrorCode.MismatchedEndpointType,
                ErrorMessage = "The request was sent to an endpoint of the wrong type.",
            };

    public IElement FindCoordinator(FindCoordinatorRequest request, RequestContext context)
    {
        var grouped = request.KeyType == GroupCoordinator;
        var error = grouped ? ErrorCode.None : ErrorCode.InvalidRequest;
        var reason = grouped ? null : "Transactions are not offered by this broker.";
        var node = grouped ? self.NodeId : -1;
        return new FindCoordinatorResponse
        {
            ErrorCode = error,
            ErrorMessage = reason,
            NodeId = node,
            Host = grouped ? self.Host : "",
            Port = grouped ? self.Port : -1,
            Coordinators =
            [
                .. request.CoordinatorKeys.Select(key => new FindCoordinatorResponse.Coordinator
                {
                    Key = key,
                    NodeId = node,
                    Host = grouped ? self.Host : "",
                    Port = grouped ? self.Port : -1,
                    ErrorCode = error,
                    ErrorMessage = reason,
                }),
            ],
        };
    }

    private MetadataResponse.MetadataResponseTopic ByName(string name, MetadataRequest request)
    {
        if (topics.Find(name) is { } topic) return Describe(topic, request);
        if (TopicName.Refuse(name) is not null) return new() { ErrorCode = ErrorCode.InvalidTopic, Name = name };
        if (!options.AutoCreateTopics || !request.AllowAutoTopicCreation)
            return new() { ErrorCode = ErrorCode.UnknownTopicOrPartition, Name = name };

        var refusal = topics.Create(name, options.PartitionsByDefault, NoSettings, out var created);
        if (created is not null || (created = topics.Find(name)) is not null) return Describe(created, request);
        return new() { ErrorCode = refusal!.Error, Name = name };
    }

    private static readonly Dictionary<string, string?> NoSettings = [];

    private MetadataResponse.MetadataResponseTopic Describe(Topic topic, MetadataRequest request) => new()
    {
        Name = topic.Name,
        TopicId = topic.Id,
        TopicAuthorizedOperations = request.IncludeTopicAuthorizedOperations ? TopicOperations : OperationsUnknown,
        Partitions =
        [
            .. Enumerable.Range(0, topic.Partitions.Length)
                .Select(index => new MetadataResponse.MetadataResponsePartition
            {
                PartitionIndex = index,
                LeaderId = self.NodeId,
                LeaderEpoch = PartitionLog.LeaderEpoch,
                ReplicaNodes = self.Nodes,
                IsrNodes = self.Nodes,
            }),
        ],
    };

    private Described.DescribeTopicPartitionsResponseTopic Describe(string name, Topic? topic, int from, int limit)
    {
        if (topic is null)
        {
            var error = TopicName.Refuse(name) is null ? ErrorCode.UnknownTopicOrPartition : ErrorCode.InvalidTopic;
            return new() { ErrorCode = error, Name = name };
        }

        var count = Math.Clamp(topic.Partitions.Length - from, 0, limit);
        return new()
        {
            Name = topic.Name,
            TopicId = topic.Id,
            TopicAuthorizedOperations = TopicOperations,
            Partitions =
            [
                .. Enumerable.Range(from, count).Select(index => new Described.DescribeTopicPartitionsResponsePartition
                {
                    PartitionIndex = index,
                    LeaderId = self.NodeId,
                    LeaderEpoch = PartitionLog.LeaderEpoch,
                    ReplicaNodes = self.Nodes,
                    IsrNodes = self.Nodes,
                    EligibleLeaderReplicas = [],
                    LastKnownElr = [],
                }),
            ],
        };
    }
}
