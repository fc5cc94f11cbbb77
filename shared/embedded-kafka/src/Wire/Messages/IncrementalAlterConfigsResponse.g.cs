// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class IncrementalAlterConfigsResponse : IResponse<IncrementalAlterConfigsResponse>
{
    public int ThrottleTimeMs;
    public List<AlterConfigsResourceResponse> Responses = [];

    public static IncrementalAlterConfigsResponse Read(WireReader reader, short version)
    {
        var flexible = version >= 1;
        var message = new IncrementalAlterConfigsResponse();
        message.ThrottleTimeMs = reader.Int32();
        message.Responses = reader.Array(flexible, version, AlterConfigsResourceResponse.Read);
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 1;
        writer.Int32(ThrottleTimeMs);
        writer.Array(Responses, flexible, version);
        if (flexible) writer.NoTags();
    }

    internal sealed class AlterConfigsResourceResponse : IElement
    {
        public short ErrorCode;
        public string? ErrorMessage = "";
        public sbyte ResourceType;
        public string ResourceName = "";

        public static AlterConfigsResourceResponse Read(WireReader reader, short version)
        {
            var flexible = version >= 1;
            var message = new AlterConfigsResourceResponse();
            message.ErrorCode = reader.Int16();
            message.ErrorMessage = reader.NullableString(flexible);
            message.ResourceType = reader.Int8();
            message.ResourceName = reader.String(flexible);
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 1;
            writer.Int16(ErrorCode);
            writer.String(ErrorMessage, flexible);
            writer.Int8(ResourceType);
            writer.String(ResourceName, flexible);
            if (flexible) writer.NoTags();
        }
    }
}
