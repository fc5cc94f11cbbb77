// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class DescribeGroupsResponse : IResponse<DescribeGroupsResponse>
{
    public int ThrottleTimeMs;
    public List<DescribedGroup> Groups = [];

    public static DescribeGroupsResponse Read(WireReader reader, short version)
    {
        var flexible = version >= 5;
        var message = new DescribeGroupsResponse();
        if (version >= 1) message.ThrottleTimeMs = reader.Int32();
        message.Groups = reader.Array(flexible, version, DescribedGroup.Read);
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 5;
        if (version >= 1) writer.Int32(ThrottleTimeMs);
        writer.Array(Groups, flexible, version);
        if (flexible) writer.NoTags();
    }

    internal sealed class DescribedGroup : IElement
    {
        public short ErrorCode;
        public string GroupId = "";
        public string GroupState = "";
        public string ProtocolType = "";
        public string ProtocolData = "";
        public List<DescribedGroupMember> Members = [];
        public int AuthorizedOperations = -2147483648;

        public static DescribedGroup Read(WireReader reader, short version)
        {
            var flexible = version >= 5;
            var message = new DescribedGroup();
            message.ErrorCode = reader.Int16();
            message.GroupId = reader.String(flexible);
            message.GroupState = reader.String(flexible);
            message.ProtocolType = reader.String(flexible);
            message.ProtocolData = reader.String(flexible);
            message.Members = reader.Array(flexible, version, DescribedGroupMember.Read);
            if (version >= 3) message.AuthorizedOperations = reader.Int32();
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 5;
            writer.Int16(ErrorCode);
            writer.String(GroupId, flexible);
            writer.String(GroupState, flexible);
            writer.String(ProtocolType, flexible);
            writer.String(ProtocolData, flexible);
            writer.Array(Members, flexible, version);
            if (version >= 3) writer.Int32(AuthorizedOperations);
            if (flexible) writer.NoTags();
        }
    }

    internal sealed class DescribedGroupMember : IElement
    {
        public string MemberId = "";
        public string? GroupInstanceId;
        public string ClientId = "";
        public string ClientHost = "";
        public ReadOnlyMemory<byte> MemberMetadata;
        public ReadOnlyMemory<byte> MemberAssignment;

        public static DescribedGroupMember Read(WireReader reader, short version)
        {
            var flexible = version >= 5;
            var message = new DescribedGroupMember();
            message.MemberId = reader.String(flexible);
            if (version >= 4) message.GroupInstanceId = reader.NullableString(flexible);
            message.ClientId = reader.String(flexible);
            message.ClientHost = reader.String(flexible);
            message.MemberMetadata = reader.Bytes(flexible);
            message.MemberAssignment = reader.Bytes(flexible);
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 5;
            writer.String(MemberId, flexible);
            if (version >= 4) writer.String(GroupInstanceId, flexible);
            writer.String(ClientId, flexible);
            writer.String(ClientHost, flexible);
            writer.Bytes(MemberMetadata, flexible);
            writer.Bytes(MemberAssignment, flexible);
            if (flexible) writer.NoTags();
        }
    }
}
