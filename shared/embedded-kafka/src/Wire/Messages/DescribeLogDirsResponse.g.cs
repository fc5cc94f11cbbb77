// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class DescribeLogDirsResponse : IResponse<DescribeLogDirsResponse>
{
    public int ThrottleTimeMs;
    public short ErrorCode;
    public List<DescribeLogDirsResult> Results = [];

    public static DescribeLogDirsResponse Read(WireReader reader, short version)
    {
        var flexible = version >= 2;
        var message = new DescribeLogDirsResponse();
        message.ThrottleTimeMs = reader.Int32();
        if (version >= 3) message.ErrorCode = reader.Int16();
        message.Results = reader.Array(flexible, version, DescribeLogDirsResult.Read);
        if (flexible) reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        var flexible = version >= 2;
        writer.Int32(ThrottleTimeMs);
        if (version >= 3) writer.Int16(ErrorCode);
        writer.Array(Results, flexible, version);
        if (flexible) writer.NoTags();
    }

    internal sealed class DescribeLogDirsResult : IElement
    {
        public short ErrorCode;
        public string LogDir = "";
        public List<DescribeLogDirsTopic> Topics = [];
        public long TotalBytes = -1;
        public long UsableBytes = -1;

        public static DescribeLogDirsResult Read(WireReader reader, short version)
        {
            var flexible = version >= 2;
            var message = new DescribeLogDirsResult();
            message.ErrorCode = reader.Int16();
            message.LogDir = reader.String(flexible);
            message.Topics = reader.Array(flexible, version, DescribeLogDirsTopic.Read);
            if (version >= 4) message.TotalBytes = reader.Int64();
            if (version >= 4) message.UsableBytes = reader.Int64();
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 2;
            writer.Int16(ErrorCode);
            writer.String(LogDir, flexible);
            writer.Array(Topics, flexible, version);
            if (version >= 4) writer.Int64(TotalBytes);
            if (version >= 4) writer.Int64(UsableBytes);
            if (flexible) writer.NoTags();
        }
    }

    internal sealed class DescribeLogDirsTopic : IElement
    {
        public string Name = "";
        public List<DescribeLogDirsPartition> Partitions = [];

        public static DescribeLogDirsTopic Read(WireReader reader, short version)
        {
            var flexible = version >= 2;
            var message = new DescribeLogDirsTopic();
            message.Name = reader.String(flexible);
            message.Partitions = reader.Array(flexible, version, DescribeLogDirsPartition.Read);
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 2;
            writer.String(Name, flexible);
            writer.Array(Partitions, flexible, version);
            if (flexible) writer.NoTags();
        }
    }

    internal sealed class DescribeLogDirsPartition : IElement
    {
        public int PartitionIndex;
        public long PartitionSize;
        public long OffsetLag;
        public bool IsFutureKey;

        public static DescribeLogDirsPartition Read(WireReader reader, short version)
        {
            var flexible = version >= 2;
            var message = new DescribeLogDirsPartition();
            message.PartitionIndex = reader.Int32();
            message.PartitionSize = reader.Int64();
            message.OffsetLag = reader.Int64();
            message.IsFutureKey = reader.Bool();
            if (flexible) reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            var flexible = version >= 2;
            writer.Int32(PartitionIndex);
            writer.Int64(PartitionSize);
            writer.Int64(OffsetLag);
            writer.Bool(IsFutureKey);
            if (flexible) writer.NoTags();
        }
    }
}
