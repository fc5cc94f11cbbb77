// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class DescribeGroupsRequest : IRequest<DescribeGroupsRequest>
{
    public List<string> Groups = [];
    public bool IncludeAuthorizedOperations;

    public static DescribeGroupsRequest Read(WireReader reader, short version)
    {
        var flexible = version >= 5;
        var message = new DescribeGroupsRequest();
        message.Groups = reader.Strings(flexible);
        if (version >= 3) message.IncludeAuthorizedOperations = reader.Bool();
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 5;
        writer.Strings(Groups, flexible);
        if (version >= 3) writer.Bool(IncludeAuthorizedOperations);
        if (flexible) writer.NoTags();
    }
}
