// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class LeaveGroupResponse : IResponse<LeaveGroupResponse>
{
    public int ThrottleTimeMs;
    public short ErrorCode;
    public List<MemberResponse> Members = [];

    public static LeaveGroupResponse Read(WireReader reader, short version)
    {
        var flexible = version >= 4;
        var message = new LeaveGroupResponse();
        if (version >= 1) message.ThrottleTimeMs = reader.Int32();
        message.ErrorCode = reader.Int16();
        if (version >= 3) message.Members = reader.Array(flexible, version, MemberResponse.Read);
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 4;
        if (version >= 1) writer.Int32(ThrottleTimeMs);
        writer.Int16(ErrorCode);
        if (version >= 3) writer.Array(Members, flexible, version);
        if (flexible) writer.NoTags();
    }

    internal sealed class MemberResponse : IElement
    {
        public string MemberId = "";
        public string? GroupInstanceId = "";
        public short ErrorCode;

        public static MemberResponse Read(WireReader reader, short version)
        {
            var flexible = version >= 4;
            var message = new MemberResponse();
            message.MemberId = reader.String(flexible);
            message.GroupInstanceId = reader.NullableString(flexible);
            message.ErrorCode = reader.Int16();
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 4;
            writer.String(MemberId, flexible);
            writer.String(GroupInstanceId, flexible);
            writer.Int16(ErrorCode);
            if (flexible) writer.NoTags();
        }
    }
}
