// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class ListGroupsResponse : IResponse<ListGroupsResponse>
{
    public int ThrottleTimeMs;
    public short ErrorCode;
    public List<ListedGroup> Groups = [];

    public static ListGroupsResponse Read(WireReader reader, short version)
    {
        var flexible = version >= 3;
        var message = new ListGroupsResponse();
        if (version >= 1) message.ThrottleTimeMs = reader.Int32();
        message.ErrorCode = reader.Int16();
        message.Groups = reader.Array(flexible, version, ListedGroup.Read);
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 3;
        if (version >= 1) writer.Int32(ThrottleTimeMs);
        writer.Int16(ErrorCode);
        writer.Array(Groups, flexible, version);
        if (flexible) writer.NoTags();
    }

    internal sealed class ListedGroup : IElement
    {
        public string GroupId = "";
        public string ProtocolType = "";
        public string GroupState = "";
        public string GroupType = "";

        public static ListedGroup Read(WireReader reader, short version)
        {
            var flexible = version >= 3;
            var message = new ListedGroup();
            message.GroupId = reader.String(flexible);
            message.ProtocolType = reader.String(flexible);
            if (version >= 4) message.GroupState = reader.String(flexible);
            if (version >= 5) message.GroupType = reader.String(flexible);
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 3;
            writer.String(GroupId, flexible);
            writer.String(ProtocolType, flexible);
            if (version >= 4) writer.String(GroupState, flexible);
            if (version >= 5) writer.String(GroupType, flexible);
            if (flexible) writer.NoTags();
        }
    }
}
