// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class DescribeConfigsResponse : IResponse<DescribeConfigsResponse>
{
    public int ThrottleTimeMs;
    public List<DescribeConfigsResult> Results = [];

    public static DescribeConfigsResponse Read(WireReader reader, short version)
    {
        var flexible = version >= 4;
        var message = new DescribeConfigsResponse();
        message.ThrottleTimeMs = reader.Int32();
        message.Results = reader.Array(flexible, version, DescribeConfigsResult.Read);
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 4;
        writer.Int32(ThrottleTimeMs);
        writer.Array(Results, flexible, version);
        if (flexible) writer.NoTags();
    }

    internal sealed class DescribeConfigsResult : IElement
    {
        public short ErrorCode;
        public string? ErrorMessage = "";
        public sbyte ResourceType;
        public string ResourceName = "";
        public List<DescribeConfigsResourceResult> Configs = [];

        public static DescribeConfigsResult Read(WireReader reader, short version)
        {
            var flexible = version >= 4;
            var message = new DescribeConfigsResult();
            message.ErrorCode = reader.Int16();
            message.ErrorMessage = reader.NullableString(flexible);
            message.ResourceType = reader.Int8();
            message.ResourceName = reader.String(flexible);
            message.Configs = reader.Array(flexible, version, DescribeConfigsResourceResult.Read);
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 4;
            writer.Int16(ErrorCode);
            writer.String(ErrorMessage, flexible);
            writer.Int8(ResourceType);
            writer.String(ResourceName, flexible);
            writer.Array(Configs, flexible, version);
            if (flexible) writer.NoTags();
        }
    }

    internal sealed class DescribeConfigsResourceResult : IElement
    {
        public string Name = "";
        public string? Value = "";
        public bool ReadOnly;
        public sbyte ConfigSource = -1;
        public bool IsSensitive;
        public List<DescribeConfigsSynonym> Synonyms = [];
        public sbyte ConfigType;
        public string? Documentation = "";

        public static DescribeConfigsResourceResult Read(WireReader reader, short version)
        {
            var flexible = version >= 4;
            var message = new DescribeConfigsResourceResult();
            message.Name = reader.String(flexible);
            message.Value = reader.NullableString(flexible);
            message.ReadOnly = reader.Bool();
            message.ConfigSource = reader.Int8();
            message.IsSensitive = reader.Bool();
            message.Synonyms = reader.Array(flexible, version, DescribeConfigsSynonym.Read);
            if (version >= 3) message.ConfigType = reader.Int8();
            if (version >= 3) message.Documentation = reader.NullableString(flexible);
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 4;
            writer.String(Name, flexible);
            writer.String(Value, flexible);
            writer.Bool(ReadOnly);
            writer.Int8(ConfigSource);
            writer.Bool(IsSensitive);
            writer.Array(Synonyms, flexible, version);
            if (version >= 3) writer.Int8(ConfigType);
            if (version >= 3) writer.String(Documentation, flexible);
            if (flexible) writer.NoTags();
        }
    }

    internal sealed class DescribeConfigsSynonym : IElement
    {
        public string Name = "";
        public string? Value = "";
        public sbyte Source;

        public static DescribeConfigsSynonym Read(WireReader reader, short version)
        {
            var flexible = version >= 4;
            var message = new DescribeConfigsSynonym();
            message.Name = reader.String(flexible);
            message.Value = reader.NullableString(flexible);
            message.Source = reader.Int8();
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 4;
            writer.String(Name, flexible);
            writer.String(Value, flexible);
            writer.Int8(Source);
            if (flexible) writer.NoTags();
        }
    }
}
