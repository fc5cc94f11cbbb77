using System.Buffers.Binary;
using System.Text;
using Tributary.EmbeddedKafka.Storage;
using Tributary.EmbeddedKafka.Wire;

namespace Tributary.EmbeddedKafka.Tests.Wire;

/// <summary>Record batches made by hand.</summary>
internal static class TestBatch
{
    public static byte[] Of(
        IEnumerable<(string? Key, string? Value)> records, long timestamp = 1_000, long producerId = -1,
            short epoch = -1, int sequence = -1)
    {
        using var payload = new WireWriter();
        var count = 0;
        foreach (var (key, value) in records)
        {
            using var record = new WireWriter();
            record.Int8(0);
            Signed(record, 0);
            Signed(record, count++);
            Text(record, key);
            Text(record, value);
            Signed(record, 0);
            Signed(payload, record.Written.Length);
            payload.Raw(record.Written.Span);
        }

        using var batch = new WireWriter();
        batch.Int64(0);
        batch.Int32(Batch.HeaderBytes - Batch.LengthEnd + payload.Written.Length);
        batch.Int32(-1);
        batch.Int8(2);
        batch.Int32(0);
        batch.Int16(0);
        batch.Int32(count - 1);
        batch.Int64(timestamp);
        batch.Int64(timestamp);
        batch.Int64(producerId);
        batch.Int16(epoch);
        batch.Int32(sequence);
        batch.Int32(count);
        batch.Raw(payload.Written.Span);
        return Sealed(batch.Written.ToArray());
    }

    public static byte[] Values(int count, long producerId = -1, short epoch = -1, int sequence = -1) =>
        Of(Enumerable.Range(0, count).Select(index => ((string?)null, (string?)$"value {index}")),
            TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), producerId, epoch, sequence);

    public static byte[] Sealed(byte[] batch)
    {
        BinaryPrimitives.WriteUInt32BigEndian(batch.AsSpan(17), Crc32C.Of(batch.AsSpan(21)));
        return batch;
    }

    private static void Signed(WireWriter writer, int value) => writer.Varint((uint)((value << 1) ^ (value >> 31)));

    private static void Text(WireWriter writer, string? text)
    {
        if (text is null)
        {
            Signed(writer, -1);
            return;
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        Signed(writer, bytes.Length);
        writer.Raw(bytes);
    }
}
