using System.Buffers.Binary;
using Tributary.EmbeddedKafka.Wire;

namespace Tributary.EmbeddedKafka.Storage;

/// <summary>
/// What a partition need not read again after a stop: where its log starts, up to where it is known to be whole, and
/// the producers up to there. Written beside the log and put in place by a rename, so that it is old or new, never
/// torn.
/// </summary>
internal sealed record Checkpoint(
    long LogStart, long Offset, long SegmentBase, long SegmentBytes, IReadOnlyCollection<Producer> Producers)
{
    private const int Format = 1;
    private const string FileName = "checkpoint";

    public static readonly Checkpoint Empty = new(0, 0, 0, 0, []);

    public void Write(string folder)
    {
        using var writer = new WireWriter();
        writer.Int32(0);
        writer.Int32(Format);
        writer.Int64(LogStart);
        writer.Int64(Offset);
        writer.Int64(SegmentBase);
        writer.Int64(SegmentBytes);
        writer.Int32(Producers.Count);
        foreach (var producer in Producers) Write(writer, producer);

        var bytes = writer.Written.ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Crc32C.Of(bytes.AsSpan(4)));
        Files.Replace(Path.Combine(folder, FileName), bytes);
    }

    /// <summary>Reads the checkpoint; one that is missing or damaged means that the whole log is read.</summary>
    public static Checkpoint Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return Empty;

        var bytes = File.ReadAllBytes(path);
        if (bytes.Length < 8 || BinaryPrimitives.ReadUInt32BigEndian(bytes) != Crc32C.Of(bytes.AsSpan(4))) return Empty;

        var reader = new WireReader().Begin(bytes.AsMemory(4));
        if (reader.Int32() != Format) return Empty;
        return new Checkpoint(
            reader.Int64(), reader.Int64(), reader.Int64(), reader.Int64(),
            reader.Array(flexible: false, version: 0, static (r, _) => ReadProducer(r)));
    }

    private static void Write(WireWriter writer, Producer producer)
    {
        writer.Int64(producer.Id);
        writer.Int16(producer.Epoch);
        writer.Int64(producer.SeenAt);
        writer.Int32(producer.Batches.Count);
        foreach (var sent in producer.Batches)
        {
            writer.Int32(sent.FirstSequence);
            writer.Int32(sent.LastSequence);
            writer.Int64(sent.FirstOffset);
            writer.Int64(sent.LastOffset);
            writer.Int64(sent.Timestamp);
        }
    }

    private static Producer ReadProducer(WireReader reader)
    {
        var producer = new Producer(reader.Int64()) { Epoch = reader.Int16(), SeenAt = reader.Int64() };
        for (var batches = reader.Int32(); batches > 0; batches--)
        {
            producer.Batches.Add(new Producer.Sent(
                reader.Int32(), reader.Int32(), reader.Int64(), reader.Int64(), reader.Int64()));
        }

        return producer;
    }
}
