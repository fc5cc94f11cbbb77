// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class DescribeLogDirsRequest : IRequest<DescribeLogDirsRequest>
{
    public List<DescribableLogDirTopic>? Topics = [];

    public static DescribeLogDirsRequest Read(WireReader reader, short version)
    {
        var flexible = version >= 2;
        var message = new DescribeLogDirsRequest();
        message.Topics = reader.NullableArray(flexible, version, DescribableLogDirTopic.Read);
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 2;
        writer.Array(Topics, flexible, version);
        if (flexible) writer.NoTags();
    }

    internal sealed class DescribableLogDirTopic : IElement
    {
        public string Topic = "";
        public List<int> Partitions = [];

        public static DescribableLogDirTopic Read(WireReader reader, short version)
        {
            var flexible = version >= 2;
            var message = new DescribableLogDirTopic();
            message.Topic = reader.String(flexible);
            message.Partitions = reader.Array(flexible, version, static (r, _) => r.Int32());
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 2;
            writer.String(Topic, flexible);
            writer.Array(Partitions, flexible, static (w, item) => w.Int32(item));
            if (flexible) writer.NoTags();
        }
    }
}
