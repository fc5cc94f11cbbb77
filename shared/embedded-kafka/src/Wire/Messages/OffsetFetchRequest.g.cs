// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class OffsetFetchRequest : IRequest<OffsetFetchRequest>
{
    public string GroupId = "";
    public List<OffsetFetchRequestTopic>? Topics = [];
    public List<OffsetFetchRequestGroup> Groups = [];
    public bool RequireStable;

    public static OffsetFetchRequest Read(WireReader reader, short version)
    {
        var flexible = version >= 6;
        var message = new OffsetFetchRequest();
        if (version <= 7) message.GroupId = reader.String(flexible);
        if (version <= 7) message.Topics = reader.NullableArray(flexible, version, OffsetFetchRequestTopic.Read);
        if (version >= 8) message.Groups = reader.Array(flexible, version, OffsetFetchRequestGroup.Read);
        if (version >= 7) message.RequireStable = reader.Bool();
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 6;
        if (version <= 7) writer.String(GroupId, flexible);
        if (version <= 7) writer.Array(Topics, flexible, version);
        if (version >= 8) writer.Array(Groups, flexible, version);
        if (version >= 7) writer.Bool(RequireStable);
        if (flexible) writer.NoTags();
    }

    internal sealed class OffsetFetchRequestTopic : IElement
    {
        public string Name = "";
        public List<int> PartitionIndexes = [];

        public static OffsetFetchRequestTopic Read(WireReader reader, short version)
        {
            var flexible = version >= 6;
            var message = new OffsetFetchRequestTopic();
            message.Name = reader.String(flexible);
            message.PartitionIndexes = reader.Array(flexible, version, static (r, _) => r.Int32());
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 6;
            writer.String(Name, flexible);
            writer.Array(PartitionIndexes, flexible, static (w, item) => w.Int32(item));
            if (flexible) writer.NoTags();
        }
    }

    internal sealed class OffsetFetchRequestGroup : IElement
    {
        public string GroupId = "";
        public string? MemberId;
        public int MemberEpoch = -1;
        public List<OffsetFetchRequestTopics>? Topics = [];

        public static OffsetFetchRequestGroup Read(WireReader reader, short version)
        {
            var message = new OffsetFetchRequestGroup();
            message.GroupId = reader.String(true);
            if (version >= 9) message.MemberId = reader.NullableString(true);
            if (version >= 9) message.MemberEpoch = reader.Int32();
            message.Topics = reader.NullableArray(true, version, OffsetFetchRequestTopics.Read);
            reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            writer.String(GroupId, true);
            if (version >= 9) writer.String(MemberId, true);
            if (version >= 9) writer.Int32(MemberEpoch);
            writer.Array(Topics, true, version);
            writer.NoTags();
        }
    }

    internal sealed class OffsetFetchRequestTopics : IElement
    {
        public string Name = "";
        public List<int> PartitionIndexes = [];

        public static OffsetFetchRequestTopics Read(WireReader reader, short version)
        {
            var message = new OffsetFetchRequestTopics();
            message.Name = reader.String(true);
            message.PartitionIndexes = reader.Array(true, version, static (r, _) => r.Int32());
            reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            writer.String(Name, true);
            writer.Array(PartitionIndexes, true, static (w, item) => w.Int32(item));
            writer.NoTags();
        }
    }
}
