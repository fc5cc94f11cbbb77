// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class ApiVersionsRequest : IRequest<ApiVersionsRequest>
{
    public string ClientSoftwareName = "";
    public string ClientSoftwareVersion = "";

    public static ApiVersionsRequest Read(WireReader reader, short version)
    {
        var flexible = version >= 3;
        var message = new ApiVersionsRequest();
        if (version >= 3) message.ClientSoftwareName = reader.String(flexible);
        if (version >= 3) message.ClientSoftwareVersion = reader.String(flexible);
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 3;
        if (version >= 3) writer.String(ClientSoftwareName, flexible);
        if (version >= 3) writer.String(ClientSoftwareVersion, flexible);
        if (flexible) writer.NoTags();
    }
}
