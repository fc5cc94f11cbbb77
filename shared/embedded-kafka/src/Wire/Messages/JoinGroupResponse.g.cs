// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class JoinGroupResponse : IResponse<JoinGroupResponse>
{
    public int ThrottleTimeMs;
    public short ErrorCode;
    public int GenerationId = -1;
    public string? ProtocolType;
    public string? ProtocolName = "";
    public string Leader = "";
    public bool SkipAssignment;
    public string MemberId = "";
    public List<JoinGroupResponseMember> Members = [];

    public static JoinGroupResponse Read(WireReader reader, short version)
    {
        var flexible = version >= 6;
        var message = new JoinGroupResponse();
        if (version >= 2) message.ThrottleTimeMs = reader.Int32();
        message.ErrorCode = reader.Int16();
        message.GenerationId = reader.Int32();
        if (version >= 7) message.ProtocolType = reader.NullableString(flexible);
        message.ProtocolName = reader.NullableString(flexible);
        message.Leader = reader.String(flexible);
        if (version >= 9) message.SkipAssignment = reader.Bool();
        message.MemberId = reader.String(flexible);
        message.Members = reader.Array(flexible, version, JoinGroupResponseMember.Read);
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 6;
        if (version >= 2) writer.Int32(ThrottleTimeMs);
        writer.Int16(ErrorCode);
        writer.Int32(GenerationId);
        if (version >= 7) writer.String(ProtocolType, flexible);
        writer.String(ProtocolName, flexible);
        writer.String(Leader, flexible);
        if (version >= 9) writer.Bool(SkipAssignment);
        writer.String(MemberId, flexible);
        writer.Array(Members, flexible, version);
        if (flexible) writer.NoTags();
    }

    internal sealed class JoinGroupResponseMember : IElement
    {
        public string MemberId = "";
        public string? GroupInstanceId;
        public ReadOnlyMemory<byte> Metadata;

        public static JoinGroupResponseMember Read(WireReader reader, short version)
        {
            var flexible = version >= 6;
            var message = new JoinGroupResponseMember();
            message.MemberId = reader.String(flexible);
            if (version >= 5) message.GroupInstanceId = reader.NullableString(flexible);
            message.Metadata = reader.Bytes(flexible);
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 6;
            writer.String(MemberId, flexible);
            if (version >= 5) writer.String(GroupInstanceId, flexible);
            writer.Bytes(Metadata, flexible);
            if (flexible) writer.NoTags();
        }
    }
}
