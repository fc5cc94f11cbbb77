// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class OffsetCommitResponse : IResponse<OffsetCommitResponse>
{
    public int ThrottleTimeMs;
    public List<OffsetCommitResponseTopic> Topics = [];

    public static OffsetCommitResponse Read(WireReader reader, short version)
    {
        var flexible = version >= 8;
        var message = new OffsetCommitResponse();
        if (version >= 3) message.ThrottleTimeMs = reader.Int32();
        message.Topics = reader.Array(flexible, version, OffsetCommitResponseTopic.Read);
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 8;
        if (version >= 3) writer.Int32(ThrottleTimeMs);
        writer.Array(Topics, flexible, version);
        if (flexible) writer.NoTags();
    }

    internal sealed class OffsetCommitResponseTopic : IElement
    {
        public string Name = "";
        public List<OffsetCommitResponsePartition> Partitions = [];

        public static OffsetCommitResponseTopic Read(WireReader reader, short version)
        {
            var flexible = version >= 8;
            var message = new OffsetCommitResponseTopic();
            message.Name = reader.String(flexible);
            message.Partitions = reader.Array(flexible, version, OffsetCommitResponsePartition.Read);
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 8;
            writer.String(Name, flexible);
            writer.Array(Partitions, flexible, version);
            if (flexible) writer.NoTags();
        }
    }

    internal sealed class OffsetCommitResponsePartition : IElement
    {
        public int PartitionIndex;
        public short ErrorCode;

        public static OffsetCommitResponsePartition Read(WireReader reader, short version)
        {
            var flexible = version >= 8;
            var message = new OffsetCommitResponsePartition();
            message.PartitionIndex = reader.Int32();
            message.ErrorCode = reader.Int16();
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 8;
            writer.Int32(PartitionIndex);
            writer.Int16(ErrorCode);
            if (flexible) writer.NoTags();
        }
    }
}
