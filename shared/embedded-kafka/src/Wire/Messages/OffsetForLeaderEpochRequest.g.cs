// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class OffsetForLeaderEpochRequest : IRequest<OffsetForLeaderEpochRequest>
{
    public int ReplicaId = -2;
    public List<OffsetForLeaderTopic> Topics = [];

    public static OffsetForLeaderEpochRequest Read(WireReader reader, short version)
    {
        var flexible = version >= 4;
        var message = new OffsetForLeaderEpochRequest();
        if (version >= 3) message.ReplicaId = reader.Int32();
        message.Topics = reader.Array(flexible, version, OffsetForLeaderTopic.Read);
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 4;
        if (version >= 3) writer.Int32(ReplicaId);
        writer.Array(Topics, flexible, version);
        if (flexible) writer.NoTags();
    }

    internal sealed class OffsetForLeaderTopic : IElement
    {
        public string Topic = "";
        public List<OffsetForLeaderPartition> Partitions = [];

        public static OffsetForLeaderTopic Read(WireReader reader, short version)
        {
            var flexible = version >= 4;
            var message = new OffsetForLeaderTopic();
            message.Topic = reader.String(flexible);
            message.Partitions = reader.Array(flexible, version, OffsetForLeaderPartition.Read);
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

    internal sealed class OffsetForLeaderPartition : IElement
    {
        public int Partition;
        public int CurrentLeaderEpoch = -1;
        public int LeaderEpoch;

        public static OffsetForLeaderPartition Read(WireReader reader, short version)
        {
            var flexible = version >= 4;
            var message = new OffsetForLeaderPartition();
            message.Partition = reader.Int32();
            message.CurrentLeaderEpoch = reader.Int32();
            message.LeaderEpoch = reader.Int32();
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 4;
            writer.Int32(Partition);
            writer.Int32(CurrentLeaderEpoch);
            writer.Int32(LeaderEpoch);
            if (flexible) writer.NoTags();
        }
    }
}
