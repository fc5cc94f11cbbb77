// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class CreatePartitionsResponse : IResponse<CreatePartitionsResponse>
{
    public int ThrottleTimeMs;
    public List<CreatePartitionsTopicResult> Results = [];

    public static CreatePartitionsResponse Read(WireReader reader, short version)
    {
        var flexible = version >= 2;
        var message = new CreatePartitionsResponse();
        message.ThrottleTimeMs = reader.Int32();
        message.Results = reader.Array(flexible, version, CreatePartitionsTopicResult.Read);
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 2;
        writer.Int32(ThrottleTimeMs);
        writer.Array(Results, flexible, version);
        if (flexible) writer.NoTags();
    }

    internal sealed class CreatePartitionsTopicResult : IElement
    {
        public string Name = "";
        public short ErrorCode;
        public string? ErrorMessage;

        public static CreatePartitionsTopicResult Read(WireReader reader, short version)
        {
            var flexible = version >= 2;
            var message = new CreatePartitionsTopicResult();
            message.Name = reader.String(flexible);
            message.ErrorCode = reader.Int16();
            message.ErrorMessage = reader.NullableString(flexible);
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 2;
            writer.String(Name, flexible);
            writer.Int16(ErrorCode);
            writer.String(ErrorMessage, flexible);
            if (flexible) writer.NoTags();
        }
    }
}
