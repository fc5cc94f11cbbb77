// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class FetchRequest : IRequest<FetchRequest>
{
    public string? ClusterId;
    public int ReplicaId = -1;
    public ReplicaStateValue? ReplicaState;
    public int MaxWaitMs;
    public int MinBytes;
    public int MaxBytes = 2147483647;
    public sbyte IsolationLevel;
    public int SessionId;
    public int SessionEpoch = -1;
    public List<FetchTopic> Topics = [];
    public List<ForgottenTopic> ForgottenTopicsData = [];
    public string RackId = "";

    public static FetchRequest Read(WireReader reader, short version)
    {
        var flexible = version >= 12;
        var message = new FetchRequest();
        if (version <= 14) message.ReplicaId = reader.Int32();
        message.MaxWaitMs = reader.Int32();
        message.MinBytes = reader.Int32();
        message.MaxBytes = reader.Int32();
        message.IsolationLevel = reader.Int8();
        if (version >= 7) message.SessionId = reader.Int32();
        if (version >= 7) message.SessionEpoch = reader.Int32();
        message.Topics = reader.Array(flexible, version, FetchTopic.Read);
        if (version >= 7) message.ForgottenTopicsData = reader.Array(flexible, version, ForgottenTopic.Read);
        if (version >= 11) message.RackId = reader.String(flexible);
        if (!flexible) return message;
        for (var tags = reader.TagCount(); tags > 0; tags--)
        {
            switch (reader.Tag(out var size))
            {
                case 0: message.ClusterId = reader.NullableString(flexible); break;
                case 1: message.ReplicaState = ReplicaStateValue.Read(reader, version); break;
                default: reader.Skip(size); break;
            }
        }
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 12;
        if (version <= 14) writer.Int32(ReplicaId);
        writer.Int32(MaxWaitMs);
        writer.Int32(MinBytes);
        writer.Int32(MaxBytes);
        writer.Int8(IsolationLevel);
        if (version >= 7) writer.Int32(SessionId);
        if (version >= 7) writer.Int32(SessionEpoch);
        writer.Array(Topics, flexible, version);
        if (version >= 7) writer.Array(ForgottenTopicsData, flexible, version);
        if (version >= 11) writer.String(RackId, flexible);
        if (!flexible) return;
        var tags = writer.BeginTags();
        if (version >= 12 && ClusterId is not null)
        {
            var at = writer.BeginTag(ref tags, 0);
            writer.String(ClusterId, flexible);
            writer.EndTag(at);
        }
        if (version >= 15 && ReplicaState is not null)
        {
            var at = writer.BeginTag(ref tags, 1);
            (ReplicaState ?? new()).Write(writer, version);
            writer.EndTag(at);
        }
        writer.EndTags(tags);
    }

    internal sealed class ReplicaStateValue : IElement
    {
        public int ReplicaId = -1;
        public long ReplicaEpoch = -1;

        public static ReplicaStateValue Read(WireReader reader, short version)
        {
            var message = new ReplicaStateValue();
            message.ReplicaId = reader.Int32();
            message.ReplicaEpoch = reader.Int64();
            reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            writer.Int32(ReplicaId);
            writer.Int64(ReplicaEpoch);
            writer.NoTags();
        }
    }

    internal sealed class FetchTopic : IElement
    {
        public string Topic = "";
        public Guid TopicId;
        public List<FetchPartition> Partitions = [];

        public static FetchTopic Read(WireReader reader, short version)
        {
            var flexible = version >= 12;
            var message = new FetchTopic();
            if (version <= 12) message.Topic = reader.String(flexible);
            if (version >= 13) message.TopicId = reader.Uuid();
            message.Partitions = reader.Array(flexible, version, FetchPartition.Read);
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 12;
            if (version <= 12) writer.String(Topic, flexible);
            if (version >= 13) writer.Uuid(TopicId);
            writer.Array(Partitions, flexible, version);
            if (flexible) writer.NoTags();
        }
    }

    internal sealed class ForgottenTopic : IElement
    {
        public string Topic = "";
        public Guid TopicId;
        public List<int> Partitions = [];

        public static ForgottenTopic Read(WireReader reader, short version)
        {
            var flexible = version >= 12;
            var message = new ForgottenTopic();
            if (version <= 12) message.Topic = reader.String(flexible);
            if (version >= 13) message.TopicId = reader.Uuid();
            message.Partitions = reader.Array(flexible, version, static (r, _) => r.Int32());
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 12;
            if (version <= 12) writer.String(Topic, flexible);
            if (version >= 13) writer.Uuid(TopicId);
            writer.Array(Partitions, flexible, static (w, item) => w.Int32(item));
            if (flexible) writer.NoTags();
        }
    }

    internal sealed class FetchPartition : IElement
    {
        public int Partition;
        public int CurrentLeaderEpoch = -1;
        public long FetchOffset;
        public int LastFetchedEpoch = -1;
        public long LogStartOffset = -1;
        public int PartitionMaxBytes;
        public Guid ReplicaDirectoryId;

        public static FetchPartition Read(WireReader reader, short version)
        {
            var flexible = version >= 12;
            var message = new FetchPartition();
            message.Partition = reader.Int32();
            if (version >= 9) message.CurrentLeaderEpoch = reader.Int32();
            message.FetchOffset = reader.Int64();
            if (version >= 12) message.LastFetchedEpoch = reader.Int32();
            if (version >= 5) message.LogStartOffset = reader.Int64();
            message.PartitionMaxBytes = reader.Int32();
            if (!flexible) return message;
            for (var tags = reader.TagCount(); tags > 0; tags--)
            {
                switch (reader.Tag(out var size))
                {
                    case 0: message.ReplicaDirectoryId = reader.Uuid(); break;
                    default: reader.Skip(size); break;
                }
            }
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 12;
            writer.Int32(Partition);
            if (version >= 9) writer.Int32(CurrentLeaderEpoch);
            writer.Int64(FetchOffset);
            if (version >= 12) writer.Int32(LastFetchedEpoch);
            if (version >= 5) writer.Int64(LogStartOffset);
            writer.Int32(PartitionMaxBytes);
            if (!flexible) return;
            var tags = writer.BeginTags();
            if (version >= 17 && ReplicaDirectoryId != Guid.Empty)
            {
                var at = writer.BeginTag(ref tags, 0);
                writer.Uuid(ReplicaDirectoryId);
                writer.EndTag(at);
            }
            writer.EndTags(tags);
        }
    }
}
