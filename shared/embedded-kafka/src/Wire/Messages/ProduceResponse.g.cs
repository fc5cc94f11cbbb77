// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class ProduceResponse : IResponse<ProduceResponse>
{
    public List<TopicProduceResponse> Responses = [];
    public int ThrottleTimeMs;
    public List<NodeEndpoint> NodeEndpoints = [];

    public static ProduceResponse Read(WireReader reader, short version)
    {
        var flexible = version >= 9;
        var message = new ProduceResponse();
        message.Responses = reader.Array(flexible, version, TopicProduceResponse.Read);
        message.ThrottleTimeMs = reader.Int32();
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
        var flexible = version >= 9;
        writer.Array(Responses, flexible, version);
        writer.Int32(ThrottleTimeMs);
        if (!flexible) return;
        var tags = writer.BeginTags();
        if (version >= 10 && NodeEndpoints is { Count: > 0 })
        {
            var at = writer.BeginTag(ref tags, 0);
            writer.Array(NodeEndpoints, flexible, version);
            writer.EndTag(at);
        }
        writer.EndTags(tags);
    }

    internal sealed class TopicProduceResponse : IElement
    {
        public string Name = "";
        public List<PartitionProduceResponse> PartitionResponses = [];

        public static TopicProduceResponse Read(WireReader reader, short version)
        {
            var flexible = version >= 9;
            var message = new TopicProduceResponse();
            message.Name = reader.String(flexible);
            message.PartitionResponses = reader.Array(flexible, version, PartitionProduceResponse.Read);
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 9;
            writer.String(Name, flexible);
            writer.Array(PartitionResponses, flexible, version);
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

    internal sealed class PartitionProduceResponse : IElement
    {
        public int Index;
        public short ErrorCode;
        public long BaseOffset;
        public long LogAppendTimeMs = -1;
        public long LogStartOffset = -1;
        public List<BatchIndexAndErrorMessage> RecordErrors = [];
        public string? ErrorMessage;
        public LeaderIdAndEpoch? CurrentLeader;

        public static PartitionProduceResponse Read(WireReader reader, short version)
        {
            var flexible = version >= 9;
            var message = new PartitionProduceResponse();
            message.Index = reader.Int32();
            message.ErrorCode = reader.Int16();
            message.BaseOffset = reader.Int64();
            message.LogAppendTimeMs = reader.Int64();
            if (version >= 5) message.LogStartOffset = reader.Int64();
            if (version >= 8) message.RecordErrors = reader.Array(flexible, version, BatchIndexAndErrorMessage.Read);
            if (version >= 8) message.ErrorMessage = reader.NullableString(flexible);
            if (!flexible) return message;
            for (var tags = reader.TagCount(); tags > 0; tags--)
            {
                switch (reader.Tag(out var size))
                {
                    case 0: message.CurrentLeader = LeaderIdAndEpoch.Read(reader, version); break;
                    default: reader.Skip(size); break;
                }
            }
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 9;
            writer.Int32(Index);
            writer.Int16(ErrorCode);
            writer.Int64(BaseOffset);
            writer.Int64(LogAppendTimeMs);
            if (version >= 5) writer.Int64(LogStartOffset);
            if (version >= 8) writer.Array(RecordErrors, flexible, version);
            if (version >= 8) writer.String(ErrorMessage, flexible);
            if (!flexible) return;
            var tags = writer.BeginTags();
            if (version >= 10 && CurrentLeader is not null)
            {
                var at = writer.BeginTag(ref tags, 0);
                (CurrentLeader ?? new()).Write(writer, version);
                writer.EndTag(at);
            }
            writer.EndTags(tags);
        }
    }

    internal sealed class BatchIndexAndErrorMessage : IElement
    {
        public int BatchIndex;
        public string? BatchIndexErrorMessage;

        public static BatchIndexAndErrorMessage Read(WireReader reader, short version)
        {
            var flexible = version >= 9;
            var message = new BatchIndexAndErrorMessage();
            message.BatchIndex = reader.Int32();
            message.BatchIndexErrorMessage = reader.NullableString(flexible);
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 9;
            writer.Int32(BatchIndex);
            writer.String(BatchIndexErrorMessage, flexible);
            if (flexible) writer.NoTags();
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
}
