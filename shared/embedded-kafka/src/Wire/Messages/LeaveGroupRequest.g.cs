// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class LeaveGroupRequest : IRequest<LeaveGroupRequest>
{
    public string GroupId = "";
    public string MemberId = "";
    public List<MemberIdentity> Members = [];

    public static LeaveGroupRequest Read(WireReader reader, short version)
    {
        var flexible = version >= 4;
        var message = new LeaveGroupRequest();
        message.GroupId = reader.String(flexible);
        if (version <= 2) message.MemberId = reader.String(flexible);
        if (version >= 3) message.Members = reader.Array(flexible, version, MemberIdentity.Read);
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 4;
        writer.String(GroupId, flexible);
        if (version <= 2) writer.String(MemberId, flexible);
        if (version >= 3) writer.Array(Members, flexible, version);
        if (flexible) writer.NoTags();
    }

    internal sealed class MemberIdentity : IElement
    {
        public string MemberId = "";
        public string? GroupInstanceId;
        public string? Reason;

        public static MemberIdentity Read(WireReader reader, short version)
        {
            var flexible = version >= 4;
            var message = new MemberIdentity();
            message.MemberId = reader.String(flexible);
            message.GroupInstanceId = reader.NullableString(flexible);
            if (version >= 5) message.Reason = reader.NullableString(flexible);
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 4;
            writer.String(MemberId, flexible);
            writer.String(GroupInstanceId, flexible);
            if (version >= 5) writer.String(Reason, flexible);
            if (flexible) writer.NoTags();
        }
    }
}
