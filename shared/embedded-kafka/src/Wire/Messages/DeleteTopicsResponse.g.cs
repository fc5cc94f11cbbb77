// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class DeleteTopicsResponse : IResponse<DeleteTopicsResponse>
{
    public int ThrottleTimeMs;
    public List<DeletableTopicResult> Responses = [];

    public static DeleteTopicsResponse Read(WireReader reader, short version)
    {
        var flexible = version >= 4;
        var message = new DeleteTopicsResponse();
        message.ThrottleTimeMs = reader.Int32();
        message.Responses = reader.Array(flexible, version, DeletableTopicResult.Read);
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 4;
        writer.Int32(ThrottleTimeMs);
        writer.Array(Responses, flexible, version);
        if (flexible) writer.NoTags();
    }

    internal sealed class DeletableTopicResult : IElement
    {
        public string? Name = "";
        public Guid TopicId;
        public short ErrorCode;
        public string? ErrorMessage;

        public static DeletableTopicResult Read(WireReader reader, short version)
        {
            var flexible = version >= 4;
            var message = new DeletableTopicResult();
            message.Name = reader.NullableString(flexible);
            if (version >= 6) message.TopicId = reader.Uuid();
            message.ErrorCode = reader.Int16();
            if (version >= 5) message.ErrorMessage = reader.NullableString(flexible);
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 4;
            writer.String(Name, flexible);
            if (version >= 6) writer.Uuid(TopicId);
            writer.Int16(ErrorCode);
            if (version >= 5) writer.String(ErrorMessage, flexible);
            if (flexible) writer.NoTags();
        }
    }
}
