// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class ListOffsetsResponse : IResponse<ListOffsetsResponse>
{
    public int ThrottleTimeMs;
    public List<ListOffsetsTopicResponse> Topics = [];

    public static ListOffsetsResponse Read(WireReader reader, short version)
    {
        var flexible = version >= 6;
        var message = new ListOffsetsResponse();
        if (version >= 2) message.ThrottleTimeMs = reader.Int32();
        message.Topics = reader.Array(flexible, version, ListOffsetsTopicResponse.Read);
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 6;
        if (version >= 2) writer.Int32(ThrottleTimeMs);
        writer.Array(Topics, flexible, version);
        if (flexible) writer.NoTags();
    }

    internal sealed class ListOffsetsTopicResponse : IElement
    {
        public string Name = "";
        public List<ListOffsetsPartitionResponse> Partitions = [];

        public static ListOffsetsTopicResponse Read(WireReader reader, short version)
        {
            var flexible = version >= 6;
            var message = new ListOffsetsTopicResponse();
            message.Name = reader.String(flexible);
            message.Partitions = reader.Array(flexible, version, ListOffsetsPartitionResponse.Read);
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 6;
            writer.String(Name, flexible);
            writer.Array(Partitions, flexible, version);
            if (flexible) writer.NoTags();
        }
    }

    internal sealed class ListOffsetsPartitionResponse : IElement
    {
        public int PartitionIndex;
        public short ErrorCode;
        public long Timestamp = -1;
        public long Offset = -1;
        public int LeaderEpoch = -1;

        public static ListOffsetsPartitionResponse Read(WireReader reader, short version)
        {
            var flexible = version >= 6;
            var message = new ListOffsetsPartitionResponse();
            message.PartitionIndex = reader.Int32();
            message.ErrorCode = reader.Int16();
            message.Timestamp = reader.Int64();
            message.Offset = reader.Int64();
            if (version >= 4) message.LeaderEpoch = reader.Int32();
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 6;
            writer.Int32(PartitionIndex);
            writer.Int16(ErrorCode);
            writer.Int64(Timestamp);
            writer.Int64(Offset);
            if (version >= 4) writer.Int32(LeaderEpoch);
            if (flexible) writer.NoTags();
        }
    }
}
