// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class SyncGroupRequest : IRequest<SyncGroupRequest>
{
    public string GroupId = "";
    public int GenerationId;
    public string MemberId = "";
    public string? GroupInstanceId;
    public string? ProtocolType;
    public string? ProtocolName;
    public List<SyncGroupRequestAssignment> Assignments = [];

    public static SyncGroupRequest Read(WireReader reader, short version)
    {
        var flexible = version >= 4;
        var message = new SyncGroupRequest();
        message.GroupId = reader.String(flexible);
        message.GenerationId = reader.Int32();
        message.MemberId = reader.String(flexible);
        if (version >= 3) message.GroupInstanceId = reader.NullableString(flexible);
        if (version >= 5) message.ProtocolType = reader.NullableString(flexible);
        if (version >= 5) message.ProtocolName = reader.NullableString(flexible);
        message.Assignments = reader.Array(flexible, version, SyncGroupRequestAssignment.Read);
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 4;
        writer.String(GroupId, flexible);
        writer.Int32(GenerationId);
        writer.String(MemberId, flexible);
        if (version >= 3) writer.String(GroupInstanceId, flexible);
        if (version >= 5) writer.String(ProtocolType, flexible);
        if (version >= 5) writer.String(ProtocolName, flexible);
        writer.Array(Assignments, flexible, version);
        if (flexible) writer.NoTags();
    }

    internal sealed class SyncGroupRequestAssignment : IElement
    {
        public string MemberId = "";
        public ReadOnlyMemory<byte> Assignment;

        public static SyncGroupRequestAssignment Read(WireReader reader, short version)
        {
            var flexible = version >= 4;
            var message = new SyncGroupRequestAssignment();
            message.MemberId = reader.String(flexible);
            message.Assignment = reader.Bytes(flexible);
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 4;
            writer.String(MemberId, flexible);
            writer.Bytes(Assignment, flexible);
            if (flexible) writer.NoTags();
        }
    }
}
