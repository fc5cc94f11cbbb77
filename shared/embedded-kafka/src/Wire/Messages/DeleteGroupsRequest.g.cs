// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class DeleteGroupsRequest : IRequest<DeleteGroupsRequest>
{
    public List<string> GroupsNames = [];

    public static DeleteGroupsRequest Read(WireReader reader, short version)
    {
        var flexible = version >= 2;
        var message = new DeleteGroupsRequest();
        message.GroupsNames = reader.Strings(flexible);
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 2;
        writer.Strings(GroupsNames, flexible);
        if (flexible) writer.NoTags();
    }
}
