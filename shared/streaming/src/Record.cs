namespace Tributary.Streaming;

/// <summary>A record of a topic as it lies there; a value of null is Kafka's tombstone.</summary>
public sealed record Record(
    int Partition, long Offset, DateTimeOffset Time, byte[]? Key, byte[]? Value, IReadOnlyList<RecordHeader> Headers)
{
    /// <summary>What a batch's bound on bytes counts.</summary>
    internal int Bytes => (Key?.Length ?? 0) + (Value?.Length ?? 0) + Headers.Sum(header => header.Bytes);
}

/// <summary>A header of a record. Names may repeat; the last one counts.</summary>
public readonly record struct RecordHeader(string Name, ReadOnlyMemory<byte> Value)
{
    internal int Bytes => Name.Length + Value.Length;
}
