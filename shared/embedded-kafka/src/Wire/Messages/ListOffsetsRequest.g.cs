// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class ListOffsetsRequest : IRequest<ListOffsetsRequest>
{
    public int ReplicaId;
    public sbyte IsolationLevel;
    public List<ListOffsetsTopic> Topics = [];
    public int TimeoutMs;

    public static ListOffsetsRequest Read(WireReader reader, short version)
    {
        var flexible = version >= 6;
        var message = new ListOffsetsRequest();
        message.ReplicaId = reader.Int32();
        if (version >= 2) message.IsolationLevel = reader.Int8();
        message.Topics = reader.Array(flexible, version, ListOffsetsTopic.Read);
        if (version >= 10) message.TimeoutMs = reader.Int32();
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 6;
        writer.Int32(ReplicaId);
        if (version >= 2) writer.Int8(IsolationLevel);
        writer.Array(Topics, flexible, version);
        if (version >= 10) writer.Int32(TimeoutMs);
        if (flexible) writer.NoTags();
    }

    internal sealed class ListOffsetsTopic : IElement
    {
        public string Name = "";
        public List<ListOffsetsPartition> Partitions = [];

        public static ListOffsetsTopic Read(WireReader reader, short version)
        {
            var flexible = version >= 6;
            var message = new ListOffsetsTopic();
            message.Name = reader.String(flexible);
            message.Partitions = reader.Array(flexible, version, ListOffsetsPartition.Read);
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

    internal sealed class ListOffsetsPartition : IElement
    {
        public int PartitionIndex;
        public int CurrentLeaderEpoch = -1;
        public long Timestamp;

        public static ListOffsetsPartition Read(WireReader reader, short version)
        {
            var flexible = version >= 6;
            var message = new ListOffsetsPartition();
            message.PartitionIndex = reader.Int32();
            if (version >= 4) message.CurrentLeaderEpoch = reader.Int32();
            message.Timestamp = reader.Int64();
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 6;
            writer.Int32(PartitionIndex);
            if (version >= 4) writer.Int32(CurrentLeaderEpoch);
            writer.Int64(Timestamp);
            if (flexible) writer.NoTags();
        }
    }
}
