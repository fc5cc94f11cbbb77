// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class InitProducerIdRequest : IRequest<InitProducerIdRequest>
{
    public string? TransactionalId = "";
    public int TransactionTimeoutMs;
    public long ProducerId = -1;
    public short ProducerEpoch = -1;

    public static InitProducerIdRequest Read(WireReader reader, short version)
    {
        var flexible = version >= 2;
        var message = new InitProducerIdRequest();
        message.TransactionalId = reader.NullableString(flexible);
        message.TransactionTimeoutMs = reader.Int32();
        if (version >= 3) message.ProducerId = reader.Int64();
        if (version >= 3) message.ProducerEpoch = reader.Int16();
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 2;
        writer.String(TransactionalId, flexible);
        writer.Int32(TransactionTimeoutMs);
        if (version >= 3) writer.Int64(ProducerId);
        if (version >= 3) writer.Int16(ProducerEpoch);
        if (flexible) writer.NoTags();
    }
}
