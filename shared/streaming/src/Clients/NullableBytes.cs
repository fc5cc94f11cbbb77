using Confluent.Kafka;

namespace Tributary.Streaming.Clients;

/// <summary>Keys and values as they are on the wire, where nothing and empty are different.</summary>
internal static class NullableBytes
{
    public static readonly IDeserializer<byte[]?> Read = new Reader();
    public static readonly ISerializer<byte[]?> Write = new Writer();

    private sealed class Reader : IDeserializer<byte[]?>
    {
        public byte[]? Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) =>
            isNull ? null : data.ToArray();
    }

    private sealed class Writer : ISerializer<byte[]?>
    {
        public byte[]? Serialize(byte[]? data, SerializationContext context) => data;
    }
}
