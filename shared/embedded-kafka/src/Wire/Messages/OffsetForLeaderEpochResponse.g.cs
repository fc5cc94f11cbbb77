// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class OffsetForLeaderEpochResponse : IResponse<OffsetForLeaderEpochResponse>
{
    public int ThrottleTimeMs;
    public List<OffsetForLeaderTopicResult> Topics = [];

    public static OffsetForLeaderEpochResponse Read(WireReader reader, short version)
    {
        var flexible = version >= 4;
        var message = new OffsetForLeaderEpochResponse();
        message.ThrottleTimeMs = reader.Int32();
        message.Topics = reader.Array(flexible, version, OffsetForLeaderTopicResult.Read);
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 4;
        writer.Int32(ThrottleTimeMs);
        writer.Array(Topics, flexible, version);
        if (flexible) writer.NoTags();
    }

    internal sealed class OffsetForLeaderTopicResult : IElement
    {
        public string Topic = "";
        public List<EpochEndOffset> Partitions = [];

        public static OffsetForLeaderTopicResult Read(WireReader reader, short version)
        {
            var flexible = version >= 4;
            var message = new OffsetForLeaderTopicResult();
            message.Topic = reader.String(flexible);
            message.Partitions = reader.Array(flexible, version, EpochEndOffset.Read);
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 4;
            writer.String(Topic, flexible);
            writer.Array(Partitions, flexible, version);
            if (flexible) writer.NoTags();
        }
    }

    internal sealed class EpochEndOffset : IElement
    {
        public short ErrorCode;
        public int Partition;
        public int LeaderEpoch = -1;
        public long EndOffset = -1;

        public static EpochEndOffset Read(WireReader reader, short version)
        {
            var flexible = version >= 4;
            var message = new EpochEndOffset();
            message.ErrorCode = reader.Int16();
            message.Partition = reader.Int32();
            message.LeaderEpoch = reader.Int32();
            message.EndOffset = reader.Int64();
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 4;
            writer.Int16(ErrorCode);
            writer.Int32(Partition);
            writer.Int32(LeaderEpoch);
            writer.Int64(EndOffset);
            if (flexible) writer.NoTags();
        }
    }
}
