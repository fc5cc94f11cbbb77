// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class SyncGroupResponse : IResponse<SyncGroupResponse>
{
    public int ThrottleTimeMs;
    public short ErrorCode;
    public string? ProtocolType;
    public string? ProtocolName;
    public ReadOnlyMemory<byte> Assignment;

    public static SyncGroupResponse Read(WireReader reader, short version)
    {
        var flexible = version >= 4;
        var message = new SyncGroupResponse();
        if (version >= 1) message.ThrottleTimeMs = reader.Int32();
        message.ErrorCode = reader.Int16();
        if (version >= 5) message.ProtocolType = reader.NullableString(flexible);
        if (version >= 5) message.ProtocolName = reader.NullableString(flexible);
        message.Assignment = reader.Bytes(flexible);
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 4;
        if (version >= 1) writer.Int32(ThrottleTimeMs);
        writer.Int16(ErrorCode);
        if (version >= 5) writer.String(ProtocolType, flexible);
        if (version >= 5) writer.String(ProtocolName, flexible);
        writer.Bytes(Assignment, flexible);
        if (flexible) writer.NoTags();
    }
}
