// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class MetadataRequest : IRequest<MetadataRequest>
{
    public List<MetadataRequestTopic>? Topics = [];
    public bool AllowAutoTopicCreation = true;
    public bool IncludeClusterAuthorizedOperations;
    public bool IncludeTopicAuthorizedOperations;

    public static MetadataRequest Read(WireReader reader, short version)
    {
        var flexible = version >= 9;
        var message = new MetadataRequest();
        message.Topics = reader.NullableArray(flexible, version, MetadataRequestTopic.Read);
        if (version >= 4) message.AllowAutoTopicCreation = reader.Bool();
        if (version is >= 8 and <= 10) message.IncludeClusterAuthorizedOperations = reader.Bool();
        if (version >= 8) message.IncludeTopicAuthorizedOperations = reader.Bool();
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 9;
        writer.Array(Topics, flexible, version);
        if (version >= 4) writer.Bool(AllowAutoTopicCreation);
        if (version is >= 8 and <= 10) writer.Bool(IncludeClusterAuthorizedOperations);
        if (version >= 8) writer.Bool(IncludeTopicAuthorizedOperations);
        if (flexible) writer.NoTags();
    }

    internal sealed class MetadataRequestTopic : IElement
    {
        public Guid TopicId;
        public string? Name = "";

        public static MetadataRequestTopic Read(WireReader reader, short version)
        {
            var flexible = version >= 9;
            var message = new MetadataRequestTopic();
            if (version >= 10) message.TopicId = reader.Uuid();
            message.Name = reader.NullableString(flexible);
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 9;
            if (version >= 10) writer.Uuid(TopicId);
            writer.String(Name, flexible);
            if (flexible) writer.NoTags();
        }
    }
}
