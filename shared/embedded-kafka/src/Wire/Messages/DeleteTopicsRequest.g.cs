// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class DeleteTopicsRequest : IRequest<DeleteTopicsRequest>
{
    public List<DeleteTopicState> Topics = [];
    public List<string> TopicNames = [];
    public int TimeoutMs;

    public static DeleteTopicsRequest Read(WireReader reader, short version)
    {
        var flexible = version >= 4;
        var message = new DeleteTopicsRequest();
        if (version >= 6) message.Topics = reader.Array(flexible, version, DeleteTopicState.Read);
        if (version <= 5) message.TopicNames = reader.Strings(flexible);
        message.TimeoutMs = reader.Int32();
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 4;
        if (version >= 6) writer.Array(Topics, flexible, version);
        if (version <= 5) writer.Strings(TopicNames, flexible);
        writer.Int32(TimeoutMs);
        if (flexible) writer.NoTags();
    }

    internal sealed class DeleteTopicState : IElement
    {
        public string? Name;
        public Guid TopicId;

        public static DeleteTopicState Read(WireReader reader, short version)
        {
            var message = new DeleteTopicState();
            message.Name = reader.NullableString(true);
            message.TopicId = reader.Uuid();
            reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            writer.String(Name, true);
            writer.Uuid(TopicId);
            writer.NoTags();
        }
    }
}
