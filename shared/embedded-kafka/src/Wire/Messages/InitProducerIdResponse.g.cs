// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class InitProducerIdResponse : IResponse<InitProducerIdResponse>
{
    public int ThrottleTimeMs;
    public short ErrorCode;
    public long ProducerId = -1;
    public short ProducerEpoch;

    public static InitProducerIdResponse Read(WireReader reader, short version)
    {
        var flexible = version >= 2;
        var message = new InitProducerIdResponse();
        message.ThrottleTimeMs = reader.Int32();
        message.ErrorCode = reader.Int16();
        message.ProducerId = reader.Int64();
        message.ProducerEpoch = reader.Int16();
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 2;
        writer.Int32(ThrottleTimeMs);
        writer.Int16(ErrorCode);
        writer.Int64(ProducerId);
        writer.Int16(ProducerEpoch);
        if (flexible) writer.NoTags();
    }
}
