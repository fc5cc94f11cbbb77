// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class OffsetDeleteResponse : IResponse<OffsetDeleteResponse>
{
    public short ErrorCode;
    public int ThrottleTimeMs;
    public List<OffsetDeleteResponseTopic> Topics = [];

    public static OffsetDeleteResponse Read(WireReader reader, short version)
    {
        var message = new OffsetDeleteResponse();
        message.ErrorCode = reader.Int16();
        message.ThrottleTimeMs = reader.Int32();
        message.Topics = reader.Array(false, version, OffsetDeleteResponseTopic.Read);
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        writer.Int16(ErrorCode);
        writer.Int32(ThrottleTimeMs);
        writer.Array(Topics, false, version);
    }

    internal sealed class OffsetDeleteResponseTopic : IElement
    {
        public string Name = "";
        public List<OffsetDeleteResponsePartition> Partitions = [];

        public static OffsetDeleteResponseTopic Read(WireReader reader, short version)
        {
            var message = new OffsetDeleteResponseTopic();
            message.Name = reader.String(false);
            message.Partitions = reader.Array(false, version, OffsetDeleteResponsePartition.Read);
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            writer.String(Name, false);
            writer.Array(Partitions, false, version);
        }
    }

    internal sealed class OffsetDeleteResponsePartition : IElement
    {
        public int PartitionIndex;
        public short ErrorCode;

        public static OffsetDeleteResponsePartition Read(WireReader reader, short version)
        {
            var message = new OffsetDeleteResponsePartition();
            message.PartitionIndex = reader.Int32();
            message.ErrorCode = reader.Int16();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            writer.Int32(PartitionIndex);
            writer.Int16(ErrorCode);
        }
    }
}
