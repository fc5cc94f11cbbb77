// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class CreatePartitionsRequest : IRequest<CreatePartitionsRequest>
{
    public List<CreatePartitionsTopic> Topics = [];
    public int TimeoutMs;
    public bool ValidateOnly;

    public static CreatePartitionsRequest Read(WireReader reader, short version)
    {
        var flexible = version >= 2;
        var message = new CreatePartitionsRequest();
        message.Topics = reader.Array(flexible, version, CreatePartitionsTopic.Read);
        message.TimeoutMs = reader.Int32();
        message.ValidateOnly = reader.Bool();
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 2;
        writer.Array(Topics, flexible, version);
        writer.Int32(TimeoutMs);
        writer.Bool(ValidateOnly);
        if (flexible) writer.NoTags();
    }

    internal sealed class CreatePartitionsTopic : IElement
    {
        public string Name = "";
        public int Count;
        public List<CreatePartitionsAssignment>? Assignments = [];

        public static CreatePartitionsTopic Read(WireReader reader, short version)
        {
            var flexible = version >= 2;
            var message = new CreatePartitionsTopic();
            message.Name = reader.String(flexible);
            message.Count = reader.Int32();
            message.Assignments = reader.NullableArray(flexible, version, CreatePartitionsAssignment.Read);
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 2;
            writer.String(Name, flexible);
            writer.Int32(Count);
            writer.Array(Assignments, flexible, version);
            if (flexible) writer.NoTags();
        }
    }

    internal sealed class CreatePartitionsAssignment : IElement
    {
        public List<int> BrokerIds = [];

        public static CreatePartitionsAssignment Read(WireReader reader, short version)
        {
            var flexible = version >= 2;
            var message = new CreatePartitionsAssignment();
            message.BrokerIds = reader.Array(flexible, version, static (r, _) => r.Int32());
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 2;
            writer.Array(BrokerIds, flexible, static (w, item) => w.Int32(item));
            if (flexible) writer.NoTags();
        }
    }
}
