// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class MetadataResponse : IResponse<MetadataResponse>
{
    public int ThrottleTimeMs;
    public List<MetadataResponseBroker> Brokers = [];
    public string? ClusterId;
    public int ControllerId = -1;
    public List<MetadataResponseTopic> Topics = [];
    public int ClusterAuthorizedOperations = -2147483648;

    public static MetadataResponse Read(WireReader reader, short version)
    {
        var flexible = version >= 9;
        var message = new MetadataResponse();
        if (version >= 3) message.ThrottleTimeMs = reader.Int32();
        message.Brokers = reader.Array(flexible, version, MetadataResponseBroker.Read);
        if (version >= 2) message.ClusterId = reader.NullableString(flexible);
        if (version >= 1) message.ControllerId = reader.Int32();
        message.Topics = reader.Array(flexible, version, MetadataResponseTopic.Read);
        if (version is >= 8 and <= 10) message.ClusterAuthorizedOperations = reader.Int32();
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 9;
        if (version >= 3) writer.Int32(ThrottleTimeMs);
        writer.Array(Brokers, flexible, version);
        if (version >= 2) writer.String(ClusterId, flexible);
        if (version >= 1) writer.Int32(ControllerId);
        writer.Array(Topics, flexible, version);
        if (version is >= 8 and <= 10) writer.Int32(ClusterAuthorizedOperations);
        if (flexible) writer.NoTags();
    }

    internal sealed class MetadataResponseBroker : IElement
    {
        public int NodeId;
        public string Host = "";
        public int Port;
        public string? Rack;

        public static MetadataResponseBroker Read(WireReader reader, short version)
        {
            var flexible = version >= 9;
            var message = new MetadataResponseBroker();
            message.NodeId = reader.Int32();
            message.Host = reader.String(flexible);
            message.Port = reader.Int32();
            if (version >= 1) message.Rack = reader.NullableString(flexible);
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 9;
            writer.Int32(NodeId);
            writer.String(Host, flexible);
            writer.Int32(Port);
            if (version >= 1) writer.String(Rack, flexible);
            if (flexible) writer.NoTags();
        }
    }

    internal sealed class MetadataResponseTopic : IElement
    {
        public short ErrorCode;
        public string? Name = "";
        public Guid TopicId;
        public bool IsInternal;
        public List<MetadataResponsePartition> Partitions = [];
        public int TopicAuthorizedOperations = -2147483648;

        public static MetadataResponseTopic Read(WireReader reader, short version)
        {
            var flexible = version >= 9;
            var message = new MetadataResponseTopic();
            message.ErrorCode = reader.Int16();
            message.Name = reader.NullableString(flexible);
            if (version >= 10) message.TopicId = reader.Uuid();
            if (version >= 1) message.IsInternal = reader.Bool();
            message.Partitions = reader.Array(flexible, version, MetadataResponsePartition.Read);
            if (version >= 8) message.TopicAuthorizedOperations = reader.Int32();
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 9;
            writer.Int16(ErrorCode);
            writer.String(Name, flexible);
            if (version >= 10) writer.Uuid(TopicId);
            if (version >= 1) writer.Bool(IsInternal);
            writer.Array(Partitions, flexible, version);
            if (version >= 8) writer.Int32(TopicAuthorizedOperations);
            if (flexible) writer.NoTags();
        }
    }

    internal sealed class MetadataResponsePartition : IElement
    {
        public short ErrorCode;
        public int PartitionIndex;
        public int LeaderId;
        public int LeaderEpoch = -1;
        public List<int> ReplicaNodes = [];
        public List<int> IsrNodes = [];
        public List<int> OfflineReplicas = [];

        public static MetadataResponsePartition Read(WireReader reader, short version)
        {
            var flexible = version >= 9;
            var message = new MetadataResponsePartition();
            message.ErrorCode = reader.Int16();
            message.PartitionIndex = reader.Int32();
            message.LeaderId = reader.Int32();
            if (version >= 7) message.LeaderEpoch = reader.Int32();
            message.ReplicaNodes = reader.Array(flexible, version, static (r, _) => r.Int32());
            message.IsrNodes = reader.Array(flexible, version, static (r, _) => r.Int32());
            if (version >= 5) message.OfflineReplicas = reader.Array(flexible, version, static (r, _) => r.Int32());
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 9;
            writer.Int16(ErrorCode);
            writer.Int32(PartitionIndex);
            writer.Int32(LeaderId);
            if (version >= 7) writer.Int32(LeaderEpoch);
            writer.Array(ReplicaNodes, flexible, static (w, item) => w.Int32(item));
            writer.Array(IsrNodes, flexible, static (w, item) => w.Int32(item));
            if (version >= 5) writer.Array(OfflineReplicas, flexible, static (w, item) => w.Int32(item));
            if (flexible) writer.NoTags();
        }
    }
}
