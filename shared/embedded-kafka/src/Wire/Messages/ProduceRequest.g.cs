// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class ProduceRequest : IRequest<ProduceRequest>
{
    public string? TransactionalId;
    public short Acks;
    public int TimeoutMs;
    public List<TopicProduceData> TopicData = [];

    public static ProduceRequest Read(WireReader reader, short version)
    {
        var flexible = version >= 9;
        var message = new ProduceRequest();
        message.TransactionalId = reader.NullableString(flexible);
        message.Acks = reader.Int16();
        message.TimeoutMs = reader.Int32();
        message.TopicData = reader.Array(flexible, version, TopicProduceData.Read);
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 9;
        writer.String(TransactionalId, flexible);
        writer.Int16(Acks);
        writer.Int32(TimeoutMs);
        writer.Array(TopicData, flexible, version);
        if (flexible) writer.NoTags();
    }

    internal sealed class TopicProduceData : IElement
    {
        public string Name = "";
        public List<PartitionProduceData> PartitionData = [];

        public static TopicProduceData Read(WireReader reader, short version)
        {
            var flexible = version >= 9;
            var message = new TopicProduceData();
            message.Name = reader.String(flexible);
            message.PartitionData = reader.Array(flexible, version, PartitionProduceData.Read);
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 9;
            writer.String(Name, flexible);
            writer.Array(PartitionData, flexible, version);
            if (flexible) writer.NoTags();
        }
    }

    internal sealed class PartitionProduceData : IElement
    {
        public int Index;
        public Records Records;

        public static PartitionProduceData Read(WireReader reader, short version)
        {
            var flexible = version >= 9;
            var message = new PartitionProduceData();
            message.Index = reader.Int32();
            message.Records = reader.Records(flexible);
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 9;
            writer.Int32(Index);
            writer.Records(Records, flexible);
            if (flexible) writer.NoTags();
        }
    }
}
