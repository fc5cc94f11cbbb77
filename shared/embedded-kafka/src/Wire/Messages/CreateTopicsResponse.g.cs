// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class CreateTopicsResponse : IResponse<CreateTopicsResponse>
{
    public int ThrottleTimeMs;
    public List<CreatableTopicResult> Topics = [];

    public static CreateTopicsResponse Read(WireReader reader, short version)
    {
        var flexible = version >= 5;
        var message = new CreateTopicsResponse();
        message.ThrottleTimeMs = reader.Int32();
        message.Topics = reader.Array(flexible, version, CreatableTopicResult.Read);
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 5;
        writer.Int32(ThrottleTimeMs);
        writer.Array(Topics, flexible, version);
        if (flexible) writer.NoTags();
    }

    internal sealed class CreatableTopicResult : IElement
    {
        public string Name = "";
        public Guid TopicId;
        public short ErrorCode;
        public string? ErrorMessage = "";
        public short TopicConfigErrorCode;
        public int NumPartitions = -1;
        public short ReplicationFactor = -1;
        public List<CreatableTopicConfigs>? Configs = [];

        public static CreatableTopicResult Read(WireReader reader, short version)
        {
            var flexible = version >= 5;
            var message = new CreatableTopicResult();
            message.Name = reader.String(flexible);
            if (version >= 7) message.TopicId = reader.Uuid();
            message.ErrorCode = reader.Int16();
            message.ErrorMessage = reader.NullableString(flexible);
            if (version >= 5) message.NumPartitions = reader.Int32();
            if (version >= 5) message.ReplicationFactor = reader.Int16();
            if (version >= 5) message.Configs = reader.NullableArray(flexible, version, CreatableTopicConfigs.Read);
            if (!flexible) return message;
            for (var tags = reader.TagCount(); tags > 0; tags--)
            {
                switch (reader.Tag(out var size))
                {
                    case 0: message.TopicConfigErrorCode = reader.Int16(); break;
                    default: reader.Skip(size); break;
                }
            }
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 5;
            writer.String(Name, flexible);
            if (version >= 7) writer.Uuid(TopicId);
            writer.Int16(ErrorCode);
            writer.String(ErrorMessage, flexible);
            if (version >= 5) writer.Int32(NumPartitions);
            if (version >= 5) writer.Int16(ReplicationFactor);
            if (version >= 5) writer.Array(Configs, flexible, version);
            if (!flexible) return;
            var tags = writer.BeginTags();
            if (version >= 5 && TopicConfigErrorCode != 0)
            {
                var at = writer.BeginTag(ref tags, 0);
                writer.Int16(TopicConfigErrorCode);
                writer.EndTag(at);
            }
            writer.EndTags(tags);
        }
    }

    internal sealed class CreatableTopicConfigs : IElement
    {
        public string Name = "";
        public string? Value = "";
        public bool ReadOnly;
        public sbyte ConfigSource = -1;
        public bool IsSensitive;

        public static CreatableTopicConfigs Read(WireReader reader, short version)
        {
            var message = new CreatableTopicConfigs();
            message.Name = reader.String(true);
            message.Value = reader.NullableString(true);
            message.ReadOnly = reader.Bool();
            message.ConfigSource = reader.Int8();
            message.IsSensitive = reader.Bool();
            reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            writer.String(Name, true);
            writer.String(Value, true);
            writer.Bool(ReadOnly);
            writer.Int8(ConfigSource);
            writer.Bool(IsSensitive);
            writer.NoTags();
        }
    }
}
