// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class ListGroupsRequest : IRequest<ListGroupsRequest>
{
    public List<string> StatesFilter = [];
    public List<string> TypesFilter = [];

    public static ListGroupsRequest Read(WireReader reader, short version)
    {
        var flexible = version >= 3;
        var message = new ListGroupsRequest();
        if (version >= 4) message.StatesFilter = reader.Strings(flexible);
        if (version >= 5) message.TypesFilter = reader.Strings(flexible);
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 3;
        if (version >= 4) writer.Strings(StatesFilter, flexible);
        if (version >= 5) writer.Strings(TypesFilter, flexible);
        if (flexible) writer.NoTags();
    }
}
