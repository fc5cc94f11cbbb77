// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class DeleteGroupsResponse : IResponse<DeleteGroupsResponse>
{
    public int ThrottleTimeMs;
    public List<DeletableGroupResult> Results = [];

    public static DeleteGroupsResponse Read(WireReader reader, short version)
    {
        var flexible = version >= 2;
        var message = new DeleteGroupsResponse();
        message.ThrottleTimeMs = reader.Int32();
        message.Results = reader.Array(flexible, version, DeletableGroupResult.Read);
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

    internal sealed class DeletableGroupResult : IElement
    {
        public string GroupId = "";
        public short ErrorCode;

        public static DeletableGroupResult Read(WireReader reader, short version)
        {
            var flexible = version >= 2;
            var message = new DeletableGroupResult();
            message.GroupId = reader.String(flexible);
            message.ErrorCode = reader.Int16();
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 2;
            writer.String(GroupId, flexible);
            writer.Int16(ErrorCode);
            if (flexible) writer.NoTags();
        }
    }
}
