// Made by shared/embedded-kafka/generator from Kafka's message definitions.
#nullable enable
namespace Tributary.EmbeddedKafka.Wire;

internal sealed class DescribeClusterResponse : IResponse<DescribeClusterResponse>
{
    public int ThrottleTimeMs;
    public short ErrorCode;
    public string? ErrorMessage;
    public sbyte EndpointType = 1;
    public string ClusterId = "";
    public int ControllerId = -1;
    public List<DescribeClusterBroker> Brokers = [];
    public int ClusterAuthorizedOperations = -2147483648;

    public static DescribeClusterResponse Read(WireReader reader, short version)
    {
        var message = new DescribeClusterResponse();
        message.ThrottleTimeMs = reader.Int32();
        message.ErrorCode = reader.Int16();
        message.ErrorMessage = reader.NullableString(true);
        if (version >= 1) message.EndpointType = reader.Int8();
        message.ClusterId = reader.String(true);
        message.ControllerId = reader.Int32();
        message.Brokers = reader.Array(true, version, DescribeClusterBroker.Read);
        message.ClusterAuthorizedOperations = reader.Int32();
        reader.SkipTags();
        return message;
    }

    public void Write(WireWriter writer, short version)
    {
        writer.Int32(ThrottleTimeMs);
        writer.Int16(ErrorCode);
        writer.String(ErrorMessage, true);
        if (version >= 1) writer.Int8(EndpointType);
        writer.String(ClusterId, true);
        writer.Int32(ControllerId);
        writer.Array(Brokers, true, version);
        writer.Int32(ClusterAuthorizedOperations);
        writer.NoTags();
    }

    internal sealed class DescribeClusterBroker : IElement
    {
        public int BrokerId;
        public string Host = "";
        public int Port;
        public string? Rack;

        public static DescribeClusterBroker Read(WireReader reader, short version)
        {
            var message = new DescribeClusterBroker();
            message.BrokerId = reader.Int32();
            message.Host = reader.String(true);
            message.Port = reader.Int32();
            message.Rack = reader.NullableString(true);
            reader.SkipTags();
            return message;
        }

        public void Write(WireWriter writer, short version)
        {
            writer.Int32(BrokerId);
            writer.String(Host, true);
            writer.Int32(Port);
            writer.String(Rack, true);
            writer.NoTags();
        }
    }
}
