// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class FindCoordinatorResponse : IResponse<FindCoordinatorResponse>
{
    public int ThrottleTimeMs;
    public short ErrorCode;
    public string? ErrorMessage = "";
    public int NodeId;
    public string Host = "";
    public int Port;
    public List<Coordinator> Coordinators = [];

    public static FindCoordinatorResponse Read(WireReader reader, short version)
    {
        var flexible = version >= 3;
        var message = new FindCoordinatorResponse();
        if (version >= 1) message.ThrottleTimeMs = reader.Int32();
        if (version <= 3) message.ErrorCode = reader.Int16();
        if (version is >= 1 and <= 3) message.ErrorMessage = reader.NullableString(flexible);
        if (version <= 3) message.NodeId = reader.Int32();
        if (version <= 3) message.Host = reader.String(flexible);
        if (version <= 3) message.Port = reader.Int32();
        if (version >= 4) message.Coordinators = reader.Array(flexible, version, Coordinator.Read);
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 3;
        if (version >= 1) writer.Int32(ThrottleTimeMs);
        if (version <= 3) writer.Int16(ErrorCode);
        if (version is >= 1 and <= 3) writer.String(ErrorMessage, flexible);
        if (version <= 3) writer.Int32(NodeId);
        if (version <= 3) writer.String(Host, flexible);
        if (version <= 3) writer.Int32(Port);
        if (version >= 4) writer.Array(Coordinators, flexible, version);
        if (flexible) writer.NoTags();
    }

    internal sealed class Coordinator : IElement
    {
        public string Key = "";
        public int NodeId;
        public string Host = "";
        public int Port;
        public short ErrorCode;
        public string? ErrorMessage = "";

        public static Coordinator Read(WireReader reader, short version)
        {
            var message = new Coordinator();
            message.Key = reader.String(true);
            message.NodeId = reader.Int32();
            message.Host = reader.String(true);
            message.Port = reader.Int32();
            message.ErrorCode = reader.Int16();
            message.ErrorMessage = reader.NullableString(true);
            reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            writer.String(Key, true);
            writer.Int32(NodeId);
            writer.String(Host, true);
            writer.Int32(Port);
            writer.Int16(ErrorCode);
            writer.String(ErrorMessage, true);
            writer.NoTags();
        }
    }
}
