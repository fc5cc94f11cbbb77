// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class HeartbeatRequest : IRequest<HeartbeatRequest>
{
    public string GroupId = "";
    public int GenerationId;
    public string MemberId = "";
    public string? GroupInstanceId;

    public static HeartbeatRequest Read(WireReader reader, short version)
    {
        var flexible = version >= 4;
        var message = new HeartbeatRequest();
        message.GroupId = reader.String(flexible);
        message.GenerationId = reader.Int32();
        message.MemberId = reader.String(flexible);
        if (version >= 3) message.GroupInstanceId = reader.NullableString(flexible);
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 4;
        writer.String(GroupId, flexible);
        writer.Int32(GenerationId);
        writer.String(MemberId, flexible);
        if (version >= 3) writer.String(GroupInstanceId, flexible);
        if (flexible) writer.NoTags();
    }
}
