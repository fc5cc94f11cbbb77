// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class OffsetFetchResponse : IResponse<OffsetFetchResponse>
{
    public int ThrottleTimeMs;
    public List<OffsetFetchResponseTopic> Topics = [];
    public short ErrorCode;
    public List<OffsetFetchResponseGroup> Groups = [];

    public static OffsetFetchResponse Read(WireReader reader, short version)
    {
        var flexible = version >= 6;
        var message = new OffsetFetchResponse();
        if (version >= 3) message.ThrottleTimeMs = reader.Int32();
        if (version <= 7) message.Topics = reader.Array(flexible, version, OffsetFetchResponseTopic.Read);
        if (version is >= 2 and <= 7) message.ErrorCode = reader.Int16();
        if (version >= 8) message.Groups = reader.Array(flexible, version, OffsetFetchResponseGroup.Read);
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 6;
        if (version >= 3) writer.Int32(ThrottleTimeMs);
        if (version <= 7) writer.Array(Topics, flexible, version);
        if (version is >= 2 and <= 7) writer.Int16(ErrorCode);
        if (version >= 8) writer.Array(Groups, flexible, version);
        if (flexible) writer.NoTags();
    }

    internal sealed class OffsetFetchResponseTopic : IElement
    {
        public string Name = "";
        public List<OffsetFetchResponsePartition> Partitions = [];

        public static OffsetFetchResponseTopic Read(WireReader reader, short version)
        {
            var flexible = version >= 6;
            var message = new OffsetFetchResponseTopic();
            message.Name = reader.String(flexible);
            message.Partitions = reader.Array(flexible, version, OffsetFetchResponsePartition.Read);
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

    internal sealed class OffsetFetchResponseGroup : IElement
    {
        public string GroupId = "";
        public List<OffsetFetchResponseTopics> Topics = [];
        public short ErrorCode;

        public static OffsetFetchResponseGroup Read(WireReader reader, short version)
        {
            var message = new OffsetFetchResponseGroup();
            message.GroupId = reader.String(true);
            message.Topics = reader.Array(true, version, OffsetFetchResponseTopics.Read);
            message.ErrorCode = reader.Int16();
            reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            writer.String(GroupId, true);
            writer.Array(Topics, true, version);
            writer.Int16(ErrorCode);
            writer.NoTags();
        }
    }

    internal sealed class OffsetFetchResponsePartition : IElement
    {
        public int PartitionIndex;
        public long CommittedOffset;
        public int CommittedLeaderEpoch = -1;
        public string? Metadata = "";
        public short ErrorCode;

        public static OffsetFetchResponsePartition Read(WireReader reader, short version)
        {
            var flexible = version >= 6;
            var message = new OffsetFetchResponsePartition();
            message.PartitionIndex = reader.Int32();
            message.CommittedOffset = reader.Int64();
            if (version >= 5) message.CommittedLeaderEpoch = reader.Int32();
            message.Metadata = reader.NullableString(flexible);
            message.ErrorCode = reader.Int16();
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 6;
            writer.Int32(PartitionIndex);
            writer.Int64(CommittedOffset);
            if (version >= 5) writer.Int32(CommittedLeaderEpoch);
            writer.String(Metadata, flexible);
            writer.Int16(ErrorCode);
            if (flexible) writer.NoTags();
        }
    }

    internal sealed class OffsetFetchResponseTopics : IElement
    {
        public string Name = "";
        public List<OffsetFetchResponsePartitions> Partitions = [];

        public static OffsetFetchResponseTopics Read(WireReader reader, short version)
        {
            var message = new OffsetFetchResponseTopics();
            message.Name = reader.String(true);
            message.Partitions = reader.Array(true, version, OffsetFetchResponsePartitions.Read);
            reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            writer.String(Name, true);
            writer.Array(Partitions, true, version);
            writer.NoTags();
        }
    }

    internal sealed class OffsetFetchResponsePartitions : IElement
    {
        public int PartitionIndex;
        public long CommittedOffset;
        public int CommittedLeaderEpoch = -1;
        public string? Metadata = "";
        public short ErrorCode;

        public static OffsetFetchResponsePartitions Read(WireReader reader, short version)
        {
            var message = new OffsetFetchResponsePartitions();
            message.PartitionIndex = reader.Int32();
            message.CommittedOffset = reader.Int64();
            message.CommittedLeaderEpoch = reader.Int32();
            message.Metadata = reader.NullableString(true);
            message.ErrorCode = reader.Int16();
            reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            writer.Int32(PartitionIndex);
            writer.Int64(CommittedOffset);
            writer.Int32(CommittedLeaderEpoch);
            writer.String(Metadata, true);
            writer.Int16(ErrorCode);
            writer.NoTags();
        }
    }
}
