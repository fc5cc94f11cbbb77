// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class AlterConfigsRequest : IRequest<AlterConfigsRequest>
{
    public List<AlterConfigsResource> Resources = [];
    public bool ValidateOnly;

    public static AlterConfigsRequest Read(WireReader reader, short version)
    {
        var flexible = version >= 2;
        var message = new AlterConfigsRequest();
        message.Resources = reader.Array(flexible, version, AlterConfigsResource.Read);
        message.ValidateOnly = reader.Bool();
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 2;
        writer.Array(Resources, flexible, version);
        writer.Bool(ValidateOnly);
        if (flexible) writer.NoTags();
    }

    internal sealed class AlterConfigsResource : IElement
    {
        public sbyte ResourceType;
        public string ResourceName = "";
        public List<AlterableConfig> Configs = [];

        public static AlterConfigsResource Read(WireReader reader, short version)
        {
            var flexible = version >= 2;
            var message = new AlterConfigsResource();
            message.ResourceType = reader.Int8();
            message.ResourceName = reader.String(flexible);
            message.Configs = reader.Array(flexible, version, AlterableConfig.Read);
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 2;
            writer.Int8(ResourceType);
            writer.String(ResourceName, flexible);
            writer.Array(Configs, flexible, version);
            if (flexible) writer.NoTags();
        }
    }

    internal sealed class AlterableConfig : IElement
    {
        public string Name = "";
        public string? Value = "";

        public static AlterableConfig Read(WireReader reader, short version)
        {
            var flexible = version >= 2;
            var message = new AlterableConfig();
            message.Name = reader.String(flexible);
            message.Value = reader.NullableString(flexible);
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 2;
            writer.String(Name, flexible);
            writer.String(Value, flexible);
            if (flexible) writer.NoTags();
        }
    }
}
