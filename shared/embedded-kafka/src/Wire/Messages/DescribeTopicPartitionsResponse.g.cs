// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class DescribeTopicPartitionsResponse : IResponse<DescribeTopicPartitionsResponse>
{
    public int ThrottleTimeMs;
    public List<DescribeTopicPartitionsResponseTopic> Topics = [];
    public Cursor? NextCursor;

    public static DescribeTopicPartitionsResponse Read(WireReader reader, short version)
    {
        var message = new DescribeTopicPartitionsResponse();
        message.ThrottleTimeMs = reader.Int32();
        message.Topics = reader.Array(true, version, DescribeTopicPartitionsResponseTopic.Read);
        message.NextCursor = reader.Present() ? Cursor.Read(reader, version) : null;
        reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        writer.Int32(ThrottleTimeMs);
        writer.Array(Topics, true, version);
        writer.Nullable(NextCursor, version);
        writer.NoTags();
    }

    internal sealed class DescribeTopicPartitionsResponseTopic : IElement
    {
        public short ErrorCode;
        public string? Name = "";
        public Guid TopicId;
        public bool IsInternal;
        public List<DescribeTopicPartitionsResponsePartition> Partitions = [];
        public int TopicAuthorizedOperations = -2147483648;

        public static DescribeTopicPartitionsResponseTopic Read(WireReader reader, short version)
        {
            var message = new DescribeTopicPartitionsResponseTopic();
            message.ErrorCode = reader.Int16();
            message.Name = reader.NullableString(true);
            message.TopicId = reader.Uuid();
            message.IsInternal = reader.Bool();
            message.Partitions = reader.Array(true, version, DescribeTopicPartitionsResponsePartition.Read);
            message.TopicAuthorizedOperations = reader.Int32();
            reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            writer.Int16(ErrorCode);
            writer.String(Name, true);
            writer.Uuid(TopicId);
            writer.Bool(IsInternal);
            writer.Array(Partitions, true, version);
            writer.Int32(TopicAuthorizedOperations);
            writer.NoTags();
        }
    }

    internal sealed class Cursor : IElement
    {
        public string TopicName = "";
        public int PartitionIndex;

        public static Cursor Read(WireReader reader, short version)
        {
            var message = new Cursor();
            message.TopicName = reader.String(true);
            message.PartitionIndex = reader.Int32();
            reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            writer.String(TopicName, true);
            writer.Int32(PartitionIndex);
            writer.NoTags();
        }
    }

    internal sealed class DescribeTopicPartitionsResponsePartition : IElement
    {
        public short ErrorCode;
        public int PartitionIndex;
        public int LeaderId;
        public int LeaderEpoch = -1;
        public List<int> ReplicaNodes = [];
        public List<int> IsrNodes = [];
        public List<int>? EligibleLeaderReplicas;
        public List<int>? LastKnownElr;
        public List<int> OfflineReplicas = [];

        public static DescribeTopicPartitionsResponsePartition Read(WireReader reader, short version)
        {
            var message = new DescribeTopicPartitionsResponsePartition();
            message.ErrorCode = reader.Int16();
            message.PartitionIndex = reader.Int32();
            message.LeaderId = reader.Int32();
            message.LeaderEpoch = reader.Int32();
            message.ReplicaNodes = reader.Array(true, version, static (r, _) => r.Int32());
            message.IsrNodes = reader.Array(true, version, static (r, _) => r.Int32());
            message.EligibleLeaderReplicas = reader.NullableArray(true, version, static (r, _) => r.Int32());
            message.LastKnownElr = reader.NullableArray(true, version, static (r, _) => r.Int32());
            message.OfflineReplicas = reader.Array(true, version, static (r, _) => r.Int32());
            reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            writer.Int16(ErrorCode);
            writer.Int32(PartitionIndex);
            writer.Int32(LeaderId);
            writer.Int32(LeaderEpoch);
            writer.Array(ReplicaNodes, true, static (w, item) => w.Int32(item));
            writer.Array(IsrNodes, true, static (w, item) => w.Int32(item));
            writer.Array(EligibleLeaderReplicas, true, static (w, item) => w.Int32(item));
            writer.Array(LastKnownElr, true, static (w, item) => w.Int32(item));
            writer.Array(OfflineReplicas, true, static (w, item) => w.Int32(item));
            writer.NoTags();
        }
    }
}
