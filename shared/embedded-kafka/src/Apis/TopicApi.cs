using Tributary.EmbeddedKafka.Network;
using Tributary.EmbeddedKafka.Topics;
using Tributary.EmbeddedKafka.Wire;

namespace Tributary.EmbeddedKafka.Apis;

/// <summary>Topics are made, deleted and extended; each topic of a request succeeds or fails by itself.</summary>
internal sealed class TopicApi(
    TopicCatalogue topics, BrokerIdentity self, BrokerOptions options, Groups.GroupStore groups)
{
    private const int ByDefault = -1;
    private const short Replicas = 1;

    public IElement CreateTopics(CreateTopicsRequest request, RequestContext context)
    {
        var repeated = request.Topics.CountBy(topic => topic.Name).Where(name => name.Value > 1)
            .Select(name => name.Key).ToHashSet();
        var response = new CreateTopicsResponse();
        foreach (var asked in request.Topics.DistinctBy(topic => topic.Name))
        {
            response.Topics.Add(repeated.Contains(asked.Name)
                ? Failed(asked.Name, new(ErrorCode.InvalidRequest, "Duplicate topic name."))
                : Create(asked, request.validateOnly));
        }

        return response;
    }

    public async ValueTask<IElement?> DeleteTopicsAsync(DeleteTopicsRequest request, RequestContext context)
    {
        var response = new DeleteTopicsResponse();
        var asked = request.TopicNames.Select(name => (Name: (string?)name, TopicId: Guid.Empty))
            .Concat(request.Topics.Select(topic => (topic.Name, topic.TopicId)));
        foreach (var (name, id) in asked)
        {
            var topic = name is null ? topics.Find(id) : topics.Find(name);
            var deleted = topic is not null && topics.Delete(topic);
            if (deleted) await groups.ForgetTopicAsync(topic!.Name);
            var missing = name is null ? ErrorCode.UnknownTopicId : ErrorCode.UnknownTopicOrPartition;
            response.Responses.Add(new()
            {
                Name = topic?.Name ?? name,
                TopicId = topic?.Id ?? id,
                ErrorCode = deleted ? ErrorCode.None : missing,
                ErrorMessage = deleted ? null : "This server does not host this topic-partition.",
            });
        }

        return response;
    }

    public IElement CreatePartitions(CreatePartitionsRequest request, RequestContext context)
    {
        var response = new CreatePartitionsResponse();
        foreach (var asked in request.Topics)
        {
            var refusal = Extend(asked, request.ValidateOnly);
            response.Results.Add(new()
            {
                Name = asked.Name,
                ErrorCode = refusal?.Error ?? ErrorCode.None,
                ErrorMessage = refusal?.Reason,
            });
        }

        return response;
    }

    private CreateTopicsResponse.CreatableTopicResult Create(
        CreateTopicsRequest.CreatableTopic asked, bool validateOnly)
    {
        if (RefuseReplicas(asked) is { } wrong) return Failed(asked.Name, wrong);
        var partitions = asked.Assignments.Count > 0 ? asked.Assignments.Count
            : asked.NumPartitions == ByDefault ? options.PartitionsByDefault
            : asked.NumPartitions;
        var settings = new Dictionary<string, string?>();
        foreach (var config in asked.Configs) settings[config.Name] = config.Value;

        Topic? topic = null;
        var refusal = validateOnly
            ? topics.Refuse(asked.Name, partitions, settings)
            : topics.Create(asked.Name, partitions, settings, out topic);
        if (refusal is not null) return Failed(asked.Name, refusal);
        return new()
        {
            Name = asked.Name,
            TopicId = topic?.Id ?? Guid.Empty,
            ErrorMessage = null,
            NumPartitions = partitions,
            ReplicationFactor = Replicas,
            Configs =
            [
                .. TopicSetting.All.Select(setting => new CreateTopicsResponse.CreatableTopicConfigs
                {
                    Name = setting.Name,
                    Value = settings.GetValueOrDefault(setting.Name) ?? setting.Default,
                    ConfigSource = settings.ContainsKey(setting.Name) ? ConfigSource.Topic : ConfigSource.Default,
                }),
            ],
        };
    }

    private Refusal? RefuseReplicas(CreateTopicsRequest.CreatableTopic asked)
    {
        if (asked.Assignments.Count == 0)
        {
            return asked.ReplicationFactor is ByDefault or Replicas
                ? null
                : new Refusal(
                    ErrorCode.InvalidReplicationFactor,
                    $"Unable to replicate the partition {asked.ReplicationFactor} time(s): this broker is alone.");
        }

        if (asked.NumPartitions != ByDefault || asked.ReplicationFactor != ByDefault)
            return new Refusal(
                ErrorCode.InvalidRequest, "A manual partition assignment was given with a number of partitions.");
        var inOrder = asked.Assignments.Select(assignment => assignment.PartitionIndex).Order()
            .SequenceEqual(Enumerable.Range(0, asked.Assignments.Count));
        return inOrder && asked.Assignments.All(assignment => IsHere(assignment.BrokerIds))
            ? null
            : new Refusal(
                ErrorCode.InvalidReplicaAssignment, "The manual partition assignment names others than this broker.");
    }

    private Refusal? Extend(CreatePartitionsRequest.CreatePartitionsTopic asked, bool validateOnly)
    {
        if (topics.Find(asked.Name) is not { } topic)
            return new Refusal(ErrorCode.UnknownTopicOrPartition, "This server does not host this topic-partition.");

        var more = asked.Count - topic.Partitions.Length;
        if (more <= 0)
        {
            return new Refusal(
                ErrorCode.InvalidPartitions,
                $"The topic {asked.Name} currently has {topic.Partitions.Length} partition(s); "
                + $"{asked.Count} would not be an increase.");
        }

        if (asked.Assignments is { } assignments
            && (assignments.Count != more || !assignments.All(one => IsHere(one.BrokerIds))))
            return new Refusal(ErrorCode.InvalidReplicaAssignment, "The manual partition assignment does not fit.");
        return validateOnly ? topics.RefusePartitions(more) : topics.AddPartitions(topic, asked.Count);
    }

    private bool IsHere(List<int> brokers) => brokers.Count == 1 && brokers[0] == self.NodeId;

    private static CreateTopicsResponse.CreatableTopicResult Failed(string name, Refusal refusal) =>
        new() { Name = name, ErrorCode = refusal.Error, ErrorMessage = refusal.Reason };
}
