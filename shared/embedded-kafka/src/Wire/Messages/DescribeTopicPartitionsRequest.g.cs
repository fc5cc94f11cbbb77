// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class DescribeTopicPartitionsRequest : IRequest<DescribeTopicPartitionsRequest>
{
    public List<TopicRequest> Topics = [];
    public int ResponsePartitionLimit = 2000;
    public CursorValue? Cursor;

    public static DescribeTopicPartitionsRequest Read(WireReader reader, short version)
    {
        var message = new DescribeTopicPartitionsRequest();
        message.Topics = reader.Array(true, version, TopicRequest.Read);
        message.ResponsePartitionLimit = reader.Int32();
        message.Cursor = reader.Present() ? CursorValue.Read(reader, version) : null;
        reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        writer.Array(Topics, true, version);
        writer.Int32(ResponsePartitionLimit);
        writer.Nullable(Cursor, version);
        writer.NoTags();
    }

    internal sealed class TopicRequest : IElement
    {
        public string Name = "";

        public static TopicRequest Read(WireReader reader, short version)
        {
            var message = new TopicRequest();
            message.Name = reader.String(true);
            reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            writer.String(Name, true);
            writer.NoTags();
        }
    }

    internal sealed class CursorValue : IElement
    {
        public string TopicName = "";
        public int PartitionIndex;

        public static CursorValue Read(WireReader reader, short version)
        {
            var message = new CursorValue();
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
}
