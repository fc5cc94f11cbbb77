// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class CreateTopicsRequest : IRequest<CreateTopicsRequest>
{
    public List<CreatableTopic> Topics = [];
    public int timeoutMs = 60000;
    public bool validateOnly;

    public static CreateTopicsRequest Read(WireReader reader, short version)
    {
        var flexible = version >= 5;
        var message = new CreateTopicsRequest();
        message.Topics = reader.Array(flexible, version, CreatableTopic.Read);
        message.timeoutMs = reader.Int32();
        message.validateOnly = reader.Bool();
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 5;
        writer.Array(Topics, flexible, version);
        writer.Int32(timeoutMs);
        writer.Bool(validateOnly);
        if (flexible) writer.NoTags();
    }

    internal sealed class CreatableTopic : IElement
    {
        public string Name = "";
        public int NumPartitions;
        public short ReplicationFactor;
        public List<CreatableReplicaAssignment> Assignments = [];
        public List<CreatableTopicConfig> Configs = [];

        public static CreatableTopic Read(WireReader reader, short version)
        {
            var flexible = version >= 5;
            var message = new CreatableTopic();
            message.Name = reader.String(flexible);
            message.NumPartitions = reader.Int32();
            message.ReplicationFactor = reader.Int16();
            message.Assignments = reader.Array(flexible, version, CreatableReplicaAssignment.Read);
            message.Configs = reader.Array(flexible, version, CreatableTopicConfig.Read);
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 5;
            writer.String(Name, flexible);
            writer.Int32(NumPartitions);
            writer.Int16(ReplicationFactor);
            writer.Array(Assignments, flexible, version);
            writer.Array(Configs, flexible, version);
            if (flexible) writer.NoTags();
        }
    }

    internal sealed class CreatableReplicaAssignment : IElement
    {
        public int PartitionIndex;
        public List<int> BrokerIds = [];

        public static CreatableReplicaAssignment Read(WireReader reader, short version)
        {
            var flexible = version >= 5;
            var message = new CreatableReplicaAssignment();
            message.PartitionIndex = reader.Int32();
            message.BrokerIds = reader.Array(flexible, version, static (r, _) => r.Int32());
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 5;
            writer.Int32(PartitionIndex);
            writer.Array(BrokerIds, flexible, static (w, item) => w.Int32(item));
            if (flexible) writer.NoTags();
        }
    }

    internal sealed class CreatableTopicConfig : IElement
    {
        public string Name = "";
        public string? Value = "";

        public static CreatableTopicConfig Read(WireReader reader, short version)
        {
            var flexible = version >= 5;
            var message = new CreatableTopicConfig();
            message.Name = reader.String(flexible);
            message.Value = reader.NullableString(flexible);
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 5;
            writer.String(Name, flexible);
            writer.String(Value, flexible);
            if (flexible) writer.NoTags();
        }
    }
}
