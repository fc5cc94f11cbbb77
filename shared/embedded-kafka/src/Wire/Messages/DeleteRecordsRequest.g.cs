// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class DeleteRecordsRequest : IRequest<DeleteRecordsRequest>
{
    public List<DeleteRecordsTopic> Topics = [];
    public int TimeoutMs;

    public static DeleteRecordsRequest Read(WireReader reader, short version)
    {
        var flexible = version >= 2;
        var message = new DeleteRecordsRequest();
        message.Topics = reader.Array(flexible, version, DeleteRecordsTopic.Read);
        message.TimeoutMs = reader.Int32();
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 2;
        writer.Array(Topics, flexible, version);
        writer.Int32(TimeoutMs);
        if (flexible) writer.NoTags();
    }

    internal sealed class DeleteRecordsTopic : IElement
    {
        public string Name = "";
        public List<DeleteRecordsPartition> Partitions = [];

        public static DeleteRecordsTopic Read(WireReader reader, short version)
        {
            var flexible = version >= 2;
            var message = new DeleteRecordsTopic();
            message.Name = reader.String(flexible);
            message.Partitions = reader.Array(flexible, version, DeleteRecordsPartition.Read);
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 2;
            writer.String(Name, flexible);
            writer.Array(Partitions, flexible, version);
            if (flexible) writer.NoTags();
        }
    }

    internal sealed class DeleteRecordsPartition : IElement
    {
        public int PartitionIndex;
        public long Offset;

        public static DeleteRecordsPartition Read(WireReader reader, short version)
        {
            var flexible = version >= 2;
            var message = new DeleteRecordsPartition();
            message.PartitionIndex = reader.Int32();
            message.Offset = reader.Int64();
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 2;
            writer.Int32(PartitionIndex);
            writer.Int64(Offset);
            if (flexible) writer.NoTags();
        }
    }
}
