// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class OffsetCommitRequest : IRequest<OffsetCommitRequest>
{
    public string GroupId = "";
    public int GenerationIdOrMemberEpoch = -1;
    public string MemberId = "";
    public string? GroupInstanceId;
    public long RetentionTimeMs = -1;
    public List<OffsetCommitRequestTopic> Topics = [];

    public static OffsetCommitRequest Read(WireReader reader, short version)
    {
        var flexible = version >= 8;
        var message = new OffsetCommitRequest();
        message.GroupId = reader.String(flexible);
        message.GenerationIdOrMemberEpoch = reader.Int32();
        message.MemberId = reader.String(flexible);
        if (version >= 7) message.GroupInstanceId = reader.NullableString(flexible);
        if (version <= 4) message.RetentionTimeMs = reader.Int64();
        message.Topics = reader.Array(flexible, version, OffsetCommitRequestTopic.Read);
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 8;
        writer.String(GroupId, flexible);
        writer.Int32(GenerationIdOrMemberEpoch);
        writer.String(MemberId, flexible);
        if (version >= 7) writer.String(GroupInstanceId, flexible);
        if (version <= 4) writer.Int64(RetentionTimeMs);
        writer.Array(Topics, flexible, version);
        if (flexible) writer.NoTags();
    }

    internal sealed class OffsetCommitRequestTopic : IElement
    {
        public string Name = "";
        public List<OffsetCommitRequestPartition> Partitions = [];

        public static OffsetCommitRequestTopic Read(WireReader reader, short version)
        {
            var flexible = version >= 8;
            var message = new OffsetCommitRequestTopic();
            message.Name = reader.String(flexible);
            message.Partitions = reader.Array(flexible, version, OffsetCommitRequestPartition.Read);
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

    internal sealed class OffsetCommitRequestPartition : IElement
    {
        public int PartitionIndex;
        public long CommittedOffset;
        public int CommittedLeaderEpoch = -1;
        public string? CommittedMetadata = "";

        public static OffsetCommitRequestPartition Read(WireReader reader, short version)
        {
            var flexible = version >= 8;
            var message = new OffsetCommitRequestPartition();
            message.PartitionIndex = reader.Int32();
            message.CommittedOffset = reader.Int64();
            if (version >= 6) message.CommittedLeaderEpoch = reader.Int32();
            message.CommittedMetadata = reader.NullableString(flexible);
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 8;
            writer.Int32(PartitionIndex);
            writer.Int64(CommittedOffset);
            if (version >= 6) writer.Int32(CommittedLeaderEpoch);
            writer.String(CommittedMetadata, flexible);
            if (flexible) writer.NoTags();
        }
    }
}
