// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class OffsetDeleteRequest : IRequest<OffsetDeleteRequest>
{
    public string GroupId = "";
    public List<OffsetDeleteRequestTopic> Topics = [];

    public static OffsetDeleteRequest Read(WireReader reader, short version)
    {
        var message = new OffsetDeleteRequest();
        message.GroupId = reader.String(false);
        message.Topics = reader.Array(false, version, OffsetDeleteRequestTopic.Read);
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        writer.String(GroupId, false);
        writer.Array(Topics, false, version);
    }

    internal sealed class OffsetDeleteRequestTopic : IElement
    {
        public string Name = "";
        public List<OffsetDeleteRequestPartition> Partitions = [];

        public static OffsetDeleteRequestTopic Read(WireReader reader, short version)
        {
            var message = new OffsetDeleteRequestTopic();
            message.Name = reader.String(false);
            message.Partitions = reader.Array(false, version, OffsetDeleteRequestPartition.Read);
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            writer.String(Name, false);
            writer.Array(Partitions, false, version);
        }
    }

    internal sealed class OffsetDeleteRequestPartition : IElement
    {
        public int PartitionIndex;

        public static OffsetDeleteRequestPartition Read(WireReader reader, short version)
        {
            var message = new OffsetDeleteRequestPartition();
            message.PartitionIndex = reader.Int32();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            writer.Int32(PartitionIndex);
        }
    }
}
