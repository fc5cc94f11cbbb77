// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class JoinGroupRequest : IRequest<JoinGroupRequest>
{
    public string GroupId = "";
    public int SessionTimeoutMs;
    public int RebalanceTimeoutMs = -1;
    public string MemberId = "";
    public string? GroupInstanceId;
    public string ProtocolType = "";
    public List<JoinGroupRequestProtocol> Protocols = [];
    public string? Reason;

    public static JoinGroupRequest Read(WireReader reader, short version)
    {
        var flexible = version >= 6;
        var message = new JoinGroupRequest();
        message.GroupId = reader.String(flexible);
        message.SessionTimeoutMs = reader.Int32();
        if (version >= 1) message.RebalanceTimeoutMs = reader.Int32();
        message.MemberId = reader.String(flexible);
        if (version >= 5) message.GroupInstanceId = reader.NullableString(flexible);
        message.ProtocolType = reader.String(flexible);
        message.Protocols = reader.Array(flexible, version, JoinGroupRequestProtocol.Read);
        if (version >= 8) message.Reason = reader.NullableString(flexible);
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 6;
        writer.String(GroupId, flexible);
        writer.Int32(SessionTimeoutMs);
        if (version >= 1) writer.Int32(RebalanceTimeoutMs);
        writer.String(MemberId, flexible);
        if (version >= 5) writer.String(GroupInstanceId, flexible);
        writer.String(ProtocolType, flexible);
        writer.Array(Protocols, flexible, version);
        if (version >= 8) writer.String(Reason, flexible);
        if (flexible) writer.NoTags();
    }

    internal sealed class JoinGroupRequestProtocol : IElement
    {
        public string Name = "";
        public ReadOnlyMemory<byte> Metadata;

        public static JoinGroupRequestProtocol Read(WireReader reader, short version)
        {
            var flexible = version >= 6;
            var message = new JoinGroupRequestProtocol();
            message.Name = reader.String(flexible);
            message.Metadata = reader.Bytes(flexible);
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 6;
            writer.String(Name, flexible);
            writer.Bytes(Metadata, flexible);
            if (flexible) writer.NoTags();
        }
    }
}
