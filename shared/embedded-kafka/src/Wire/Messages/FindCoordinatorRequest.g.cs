// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class FindCoordinatorRequest : IRequest<FindCoordinatorRequest>
{
    public string Key = "";
    public sbyte KeyType;
    public List<string> CoordinatorKeys = [];

    public static FindCoordinatorRequest Read(WireReader reader, short version)
    {
        var flexible = version >= 3;
        var message = new FindCoordinatorRequest();
        if (version <= 3) message.Key = reader.String(flexible);
        if (version >= 1) message.KeyType = reader.Int8();
        if (version >= 4) message.CoordinatorKeys = reader.Strings(flexible);
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 3;
        if (version <= 3) writer.String(Key, flexible);
        if (version >= 1) writer.Int8(KeyType);
        if (version >= 4) writer.Strings(CoordinatorKeys, flexible);
        if (flexible) writer.NoTags();
    }
}
