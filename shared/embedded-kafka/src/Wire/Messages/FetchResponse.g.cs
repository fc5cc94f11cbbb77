// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class FetchResponse : IResponse<FetchResponse>
{
    public int ThrottleTimeMs;
    public short ErrorCode;
    public int SessionId;
    public List<FetchableTopicResponse> Responses = [];
    public List<NodeEndpoint> NodeEndpoints = [];

    public static FetchResponse Read(WireReader reader, short version)
    {
        var flexible = version >= 12;
        var message = new FetchResponse();
        message.ThrottleTimeMs = reader.Int32();
        if (version >= 7) message.ErrorCode = reader.Int16();
        if (version >= 7) message.SessionId = reader.Int32();
        message.Responses = reader.Array(flexible, version, FetchableTopicResponse.Read);
        if (!flexible) return message;
        for (var tags = reader.TagCount(); tags > 0; tags--)
        {
            switch (reader.Tag(out var size))
            {
                case 0: message.NodeEndpoints = reader.Array(flexible, version, NodeEndpoint.Read); break;
                default: reader.Skip(size); break;
            }
        }
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 12;
        writer.Int32(ThrottleTimeMs);
        if (version >= 7) writer.Int16(ErrorCode);
        if (version >= 7) writer.Int32(SessionId);
        writer.Array(Responses, flexible, version);
        if (!flexible) return;
        var tags = writer.BeginTags();
        if (version >= 16 && NodeEndpoints is { Count: > 0 })
        {
            var at = writer.BeginTag(ref tags, 0);
            writer.Array(NodeEndpoints, flexible, version);
            writer.EndTag(at);
        }
        writer.EndTags(tags);
    }

    internal sealed class FetchableTopicResponse : IElement
    {
        public string Topic = "";
        public Guid TopicId;
        public List<PartitionData> Partitions = [];

        public static FetchableTopicResponse Read(WireReader reader, short version)
        {
            var flexible = version >= 12;
            var message = new FetchableTopicResponse();
            if (version <= 12) message.Topic = reader.String(flexible);
            if (version >= 13) message.TopicId = reader.Uuid();
            message.Partitions = reader.Array(flexible, version, PartitionData.Read);
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

    internal sealed class NodeEndpoint : IElement
    {
        public int NodeId;
        public string Host = "";
        public int Port;
        public string? Rack;

        public static NodeEndpoint Read(WireReader reader, short version)
        {
            var message = new NodeEndpoint();
            message.NodeId = reader.Int32();
            message.Host = reader.String(true);
            message.Port = reader.Int32();
            message.Rack = reader.NullableString(true);
            reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            writer.Int32(NodeId);
            writer.String(Host, true);
            writer.Int32(Port);
            writer.String(Rack, true);
            writer.NoTags();
        }
    }

    internal sealed class PartitionData : IElement
    {
        public int PartitionIndex;
        public short ErrorCode;
        public long HighWatermark;
        public long LastStableOffset = -1;
        public long LogStartOffset = -1;
        public EpochEndOffset? DivergingEpoch;
        public LeaderIdAndEpoch? CurrentLeader;
        public SnapshotId? SnapshotId;
        public List<AbortedTransaction>? AbortedTransactions = [];
        public int PreferredReadReplica = -1;
        public Records Records;

        public static PartitionData Read(WireReader reader, short version)
        {
            var flexible = version >= 12;
            var message = new PartitionData();
            message.PartitionIndex = reader.Int32();
            message.ErrorCode = reader.Int16();
            message.HighWatermark = reader.Int64();
            message.LastStableOffset = reader.Int64();
            if (version >= 5) message.LogStartOffset = reader.Int64();
            message.AbortedTransactions = reader.NullableArray(flexible, version, AbortedTransaction.Read);
            if (version >= 11) message.PreferredReadReplica = reader.Int32();
            message.Records = reader.Records(flexible);
            if (!flexible) return message;
            for (var tags = reader.TagCount(); tags > 0; tags--)
            {
                switch (reader.Tag(out var size))
                {
                    case 0: message.DivergingEpoch = EpochEndOffset.Read(reader, version); break;
                    case 1: message.CurrentLeader = LeaderIdAndEpoch.Read(reader, version); break;
                    case 2: message.SnapshotId = SnapshotId.Read(reader, version); break;
                    default: reader.Skip(size); break;
                }
            }
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 12;
            writer.Int32(PartitionIndex);
            writer.Int16(ErrorCode);
            writer.Int64(HighWatermark);
            writer.Int64(LastStableOffset);
            if (version >= 5) writer.Int64(LogStartOffset);
            writer.Array(AbortedTransactions, flexible, version);
            if (version >= 11) writer.Int32(PreferredReadReplica);
            writer.Records(Records, flexible);
            if (!flexible) return;
            var tags = writer.BeginTags();
            if (version >= 12 && DivergingEpoch is not null)
            {
                var at = writer.BeginTag(ref tags, 0);
                (DivergingEpoch ?? new()).Write(writer, version);
                writer.EndTag(at);
            }
            if (version >= 12 && CurrentLeader is not null)
            {
                var at = writer.BeginTag(ref tags, 1);
                (CurrentLeader ?? new()).Write(writer, version);
                writer.EndTag(at);
            }
            if (version >= 12 && SnapshotId is not null)
            {
                var at = writer.BeginTag(ref tags, 2);
                (SnapshotId ?? new()).Write(writer, version);
                writer.EndTag(at);
            }
            writer.EndTags(tags);
        }
    }

    internal sealed class EpochEndOffset : IElement
    {
        public int Epoch = -1;
        public long EndOffset = -1;

        public static EpochEndOffset Read(WireReader reader, short version)
        {
            var message = new EpochEndOffset();
            message.Epoch = reader.Int32();
            message.EndOffset = reader.Int64();
            reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            writer.Int32(Epoch);
            writer.Int64(EndOffset);
            writer.NoTags();
        }
    }

    internal sealed class LeaderIdAndEpoch : IElement
    {
        public int LeaderId = -1;
        public int LeaderEpoch = -1;

        public static LeaderIdAndEpoch Read(WireReader reader, short version)
        {
            var message = new LeaderIdAndEpoch();
            message.LeaderId = reader.Int32();
            message.LeaderEpoch = reader.Int32();
            reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            writer.Int32(LeaderId);
            writer.Int32(LeaderEpoch);
            writer.NoTags();
        }
    }

    internal sealed class SnapshotId : IElement
    {
        public long EndOffset = -1;
        public int Epoch = -1;

        public static SnapshotId Read(WireReader reader, short version)
        {
            var message = new SnapshotId();
            message.EndOffset = reader.Int64();
            message.Epoch = reader.Int32();
            reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            writer.Int64(EndOffset);
            writer.Int32(Epoch);
            writer.NoTags();
        }
    }

    internal sealed class AbortedTransaction : IElement
    {
        public long ProducerId;
        public long FirstOffset;

        public static AbortedTransaction Read(WireReader reader, short version)
        {
            var flexible = version >= 12;
            var message = new AbortedTransaction();
            message.ProducerId = reader.Int64();
            message.FirstOffset = reader.Int64();
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 12;
            writer.Int64(ProducerId);
            writer.Int64(FirstOffset);
            if (flexible) writer.NoTags();
        }
    }
}
