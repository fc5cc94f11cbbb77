// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class IncrementalAlterConfigsRequest : IRequest<IncrementalAlterConfigsRequest>
{
    public List<AlterConfigsResource> Resources = [];
    public bool ValidateOnly;

    public static IncrementalAlterConfigsRequest Read(WireReader reader, short version)
    {
        var flexible = version >= 1;
        var message = new IncrementalAlterConfigsRequest();
        message.Resources = reader.Array(flexible, version, AlterConfigsResource.Read);
        message.ValidateOnly = reader.Bool();
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 1;
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
            var flexible = version >= 1;
            var message = new AlterConfigsResource();
            message.ResourceType = reader.Int8();
            message.ResourceName = reader.String(flexible);
            message.Configs = reader.Array(flexible, version, AlterableConfig.Read);
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 1;
            writer.Int8(ResourceType);
            writer.String(ResourceName, flexible);
            writer.Array(Configs, flexible, version);
            if (flexible) writer.NoTags();
        }
    }

    internal sealed class AlterableConfig : IElement
    {
        public string Name = "";
        public sbyte ConfigOperation;
        public string? Value = "";

        public static AlterableConfig Read(WireReader reader, short version)
        {
            var flexible = version >= 1;
            var message = new AlterableConfig();
            message.Name = reader.String(flexible);
            message.ConfigOperation = reader.Int8();
            message.Value = reader.NullableString(flexible);
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 1;
            writer.String(Name, flexible);
            writer.Int8(ConfigOperation);
            writer.String(Value, flexible);
            if (flexible) writer.NoTags();
        }
    }
}
