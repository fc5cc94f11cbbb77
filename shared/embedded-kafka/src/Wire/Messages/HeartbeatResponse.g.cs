// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class HeartbeatResponse : IResponse<HeartbeatResponse>
{
    public int ThrottleTimeMs;
    public short ErrorCode;

    public static HeartbeatResponse Read(WireReader reader, short version)
    {
        var flexible = version >= 4;
        var message = new HeartbeatResponse();
        if (version >= 1) message.ThrottleTimeMs = reader.Int32();
        message.ErrorCode = reader.Int16();
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 4;
        if (version >= 1) writer.Int32(ThrottleTimeMs);
        writer.Int16(ErrorCode);
        if (flexible) writer.NoTags();
    }
}
