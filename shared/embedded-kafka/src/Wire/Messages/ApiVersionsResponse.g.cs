// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class ApiVersionsResponse : IResponse<ApiVersionsResponse>
{
    public short ErrorCode;
    public List<ApiVersion> ApiKeys = [];
    public int ThrottleTimeMs;
    public List<SupportedFeatureKey> SupportedFeatures = [];
    public long FinalizedFeaturesEpoch = -1;
    public List<FinalizedFeatureKey> FinalizedFeatures = [];
    public bool ZkMigrationReady;

    public static ApiVersionsResponse Read(WireReader reader, short version)
    {
        var flexible = version >= 3;
        var message = new ApiVersionsResponse();
        message.ErrorCode = reader.Int16();
        message.ApiKeys = reader.Array(flexible, version, ApiVersion.Read);
        if (version >= 1) message.ThrottleTimeMs = reader.Int32();
        if (!flexible) return message;
        for (var tags = reader.TagCount(); tags > 0; tags--)
        {
            switch (reader.Tag(out var size))
            {
                case 0: message.SupportedFeatures = reader.Array(flexible, version, SupportedFeatureKey.Read); break;
                case 1: message.FinalizedFeaturesEpoch = reader.Int64(); break;
                case 2: message.FinalizedFeatures = reader.Array(flexible, version, FinalizedFeatureKey.Read); break;
                case 3: message.ZkMigrationReady = reader.Bool(); break;
                default: reader.Skip(size); break;
            }
        }
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 3;
        writer.Int16(ErrorCode);
        writer.Array(ApiKeys, flexible, version);
        if (version >= 1) writer.Int32(ThrottleTimeMs);
        if (!flexible) return;
        var tags = writer.BeginTags();
        if (version >= 3 && SupportedFeatures is { Count: > 0 })
        {
            var at = writer.BeginTag(ref tags, 0);
            writer.Array(SupportedFeatures, flexible, version);
            writer.EndTag(at);
        }
        if (version >= 3 && FinalizedFeaturesEpoch != -1)
        {
            var at = writer.BeginTag(ref tags, 1);
            writer.Int64(FinalizedFeaturesEpoch);
            writer.EndTag(at);
        }
        if (version >= 3 && FinalizedFeatures is { Count: > 0 })
        {
            var at = writer.BeginTag(ref tags, 2);
            writer.Array(FinalizedFeatures, flexible, version);
            writer.EndTag(at);
        }
        if (version >= 3 && ZkMigrationReady)
        {
            var at = writer.BeginTag(ref tags, 3);
            writer.Bool(ZkMigrationReady);
            writer.EndTag(at);
        }
        writer.EndTags(tags);
    }

    internal sealed class ApiVersion : IElement
    {
        public short ApiKey;
        public short MinVersion;
        public short MaxVersion;

        public static ApiVersion Read(WireReader reader, short version)
        {
            var flexible = version >= 3;
            var message = new ApiVersion();
            message.ApiKey = reader.Int16();
            message.MinVersion = reader.Int16();
            message.MaxVersion = reader.Int16();
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 3;
            writer.Int16(ApiKey);
            writer.Int16(MinVersion);
            writer.Int16(MaxVersion);
            if (flexible) writer.NoTags();
        }
    }

    internal sealed class SupportedFeatureKey : IElement
    {
        public string Name = "";
        public short MinVersion;
        public short MaxVersion;

        public static SupportedFeatureKey Read(WireReader reader, short version)
        {
            var message = new SupportedFeatureKey();
            message.Name = reader.String(true);
            message.MinVersion = reader.Int16();
            message.MaxVersion = reader.Int16();
            reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            writer.String(Name, true);
            writer.Int16(MinVersion);
            writer.Int16(MaxVersion);
            writer.NoTags();
        }
    }

    internal sealed class FinalizedFeatureKey : IElement
    {
        public string Name = "";
        public short MaxVersionLevel;
        public short MinVersionLevel;

        public static FinalizedFeatureKey Read(WireReader reader, short version)
        {
            var message = new FinalizedFeatureKey();
            message.Name = reader.String(true);
            message.MaxVersionLevel = reader.Int16();
            message.MinVersionLevel = reader.Int16();
            reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            writer.String(Name, true);
            writer.Int16(MaxVersionLevel);
            writer.Int16(MinVersionLevel);
            writer.NoTags();
        }
    }
}
