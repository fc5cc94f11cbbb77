// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class DescribeConfigsRequest : IRequest<DescribeConfigsRequest>
{
    public List<DescribeConfigsResource> Resources = [];
    public bool IncludeSynonyms;
    public bool IncludeDocumentation;

    public static DescribeConfigsRequest Read(WireReader reader, short version)
    {
        var flexible = version >= 4;
        var message = new DescribeConfigsRequest();
        message.Resources = reader.Array(flexible, version, DescribeConfigsResource.Read);
        message.IncludeSynonyms = reader.Bool();
        if (version >= 3) message.IncludeDocumentation = reader.Bool();
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 4;
        writer.Array(Resources, flexible, version);
        writer.Bool(IncludeSynonyms);
        if (version >= 3) writer.Bool(IncludeDocumentation);
        if (flexible) writer.NoTags();
    }

    internal sealed class DescribeConfigsResource : IElement
    {
        public sbyte ResourceType;
        public string ResourceName = "";
        public List<string>? ConfigurationKeys = [];

        public static DescribeConfigsResource Read(WireReader reader, short version)
        {
            var flexible = version >= 4;
            var message = new DescribeConfigsResource();
            message.ResourceType = reader.Int8();
            message.ResourceName = reader.String(flexible);
            message.ConfigurationKeys = reader.NullableStrings(flexible);
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 4;
            writer.Int8(ResourceType);
            writer.String(ResourceName, flexible);
            writer.Strings(ConfigurationKeys, flexible);
            if (flexible) writer.NoTags();
        }
    }
}
