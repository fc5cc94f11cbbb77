// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class DescribeClusterRequest : IRequest<DescribeClusterRequest>
{
    public bool IncludeClusterAuthorizedOperations;
    public sbyte EndpointType = 1;

    public static DescribeClusterRequest Read(WireReader reader, short version)
    {
        var message = new DescribeClusterRequest();
        message.IncludeClusterAuthorizedOperations = reader.Bool();
        if (version >= 1) message.EndpointType = reader.Int8();
        reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        writer.Bool(IncludeClusterAuthorizedOperations);
        if (version >= 1) writer.Int8(EndpointType);
        writer.NoTags();
    }
}
