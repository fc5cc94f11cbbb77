// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class DeleteRecordsResponse : IResponse<DeleteRecordsResponse>
{
    public int ThrottleTimeMs;
    public List<DeleteRecordsTopicResult> Topics = [];

    public static DeleteRecordsResponse Read(WireReader reader, short version)
    {
        var flexible = version >= 2;
        var message = new DeleteRecordsResponse();
        message.ThrottleTimeMs = reader.Int32();
        message.Topics = reader.Array(flexible, version, DeleteRecordsTopicResult.Read);
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 2;
        writer.Int32(ThrottleTimeMs);
        writer.Array(Topics, flexible, version);
        if (flexible) writer.NoTags();
    }

    internal sealed class DeleteRecordsTopicResult : IElement
    {
        public string Name = "";
        public List<DeleteRecordsPartitionResult> Partitions = [];

        public static DeleteRecordsTopicResult Read(WireReader reader, short version)
        {
            var flexible = version >= 2;
            var message = new DeleteRecordsTopicResult();
            message.Name = reader.String(flexible);
            message.Partitions = reader.Array(flexible, version, DeleteRecordsPartitionResult.Read);
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

    internal sealed class DeleteRecordsPartitionResult : IElement
    {
        public int PartitionIndex;
        public long LowWatermark;
        public short ErrorCode;

        public static DeleteRecordsPartitionResult Read(WireReader reader, short version)
        {
            var flexible = version >= 2;
            var message = new DeleteRecordsPartitionResult();
            message.PartitionIndex = reader.Int32();
            message.LowWatermark = reader.Int64();
            message.ErrorCode = reader.Int16();
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 2;
            writer.Int32(PartitionIndex);
            writer.Int64(LowWatermark);
            writer.Int16(ErrorCode);
            if (flexible) writer.NoTags();
        }
    }
}
