namespace Tributary.Streaming.Writing;

/// <summary>
/// A record on its way to a topic. The topic's name is as declared, without the environment's prefix.
/// </summary>
public sealed record OutgoingRecord(string Topic, byte[]? Key, byte[] Value)
{
    /// <summary>Null: by the key, as Java's default partitioner does.</summary>
    public int? Partition { get; init; }

    /// <summary>Null: when it is sent.</summary>
    public DateTimeOffset? Time { get; init; }

    public IReadOnlyList<RecordHeader> Headers { get; init; } = [];

    /// <summary>What it takes of a producer's buffer: its bytes, and what librdkafka keeps beside them.</summary>
    internal int BufferBytes
    {
        get
        {
            const int Bookkeeping = 256;
            var bytes = Bookkeeping + (Key?.Length ?? 0) + Value.Length;
            foreach (var header in Headers) bytes += header.Bytes;
            return bytes;
        }
    }
}
