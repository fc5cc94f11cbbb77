using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Tributary.EmbeddedKafka.Wire;

namespace Tributary.EmbeddedKafka.Storage;

internal enum Compression
{
    None = 0,
    Gzip = 1,
    Snappy = 2,
    Lz4 = 3,
    Zstd = 4,
}

/// <summary>The header of a record batch (format 2) over the bytes it lies in. What follows it stays opaque.</summary>
internal readonly ref struct Batch(ReadOnlySpan<byte> bytes)
{
    public const int HeaderBytes = 61;
    public const int LengthEnd = 12;
    public const long NoProducer = -1;

    private const int CrcAt = 17;
    private const int CrcFrom = 21;
    private const short CompressionMask = 0x07;
    private const short LogAppendTime = 0x08;
    private const short Transactional = 0x10;
    private const short Control = 0x20;

    private readonly ReadOnlySpan<byte> bytes = bytes;

    public long BaseOffset => BinaryPrimitives.ReadInt64BigEndian(bytes);
    public int Size => LengthEnd + BinaryPrimitives.ReadInt32BigEndian(bytes[8..]);
    public byte Magic => bytes[16];
    public uint Crc => BinaryPrimitives.ReadUInt32BigEndian(bytes[CrcAt..]);
    public short Attributes => BinaryPrimitives.ReadInt16BigEndian(bytes[CrcFrom..]);
    public int LastOffsetDelta => BinaryPrimitives.ReadInt32BigEndian(bytes[23..]);
    public long BaseTimestamp => BinaryPrimitives.ReadInt64BigEndian(bytes[27..]);
    public long MaxTimestamp => BinaryPrimitives.ReadInt64BigEndian(bytes[35..]);
    public long ProducerId => BinaryPrimitives.ReadInt64BigEndian(bytes[43..]);
    public short ProducerEpoch => BinaryPrimitives.ReadInt16BigEndian(bytes[51..]);
    public int BaseSequence => BinaryPrimitives.ReadInt32BigEndian(bytes[53..]);
    public int Count => BinaryPrimitives.ReadInt32BigEndian(bytes[57..]);
    public ReadOnlySpan<byte> Payload => bytes[HeaderBytes..Size];

    public long LastOffset => BaseOffset + LastOffsetDelta;
    public Compression Compression => (Compression)(Attributes & CompressionMask);
    public bool HasLogAppendTime => (Attributes & LogAppendTime) != 0;
    public bool IsTransactional => (Attributes & Transactional) != 0;
    public bool IsControl => (Attributes & Control) != 0;

    /// <summary>
    /// Whether a whole batch of this format starts here: its length is possible and its checksum right.
    /// </summary>
    public bool IsIntact =>
        bytes.Length >= HeaderBytes && Size >= HeaderBytes && Size <= bytes.Length && Magic == 2
        && Crc == Crc32C.Of(bytes[CrcFrom..Size]);

    /// <summary>Whether the header could be one: for a walk over what was checked when it was written.</summary>
    public bool LooksRight => bytes.Length >= HeaderBytes && Size >= HeaderBytes && Magic == 2 && LastOffsetDelta >= 0;

    /// <summary>The offset and the leader's epoch are not covered by the checksum.</summary>
    public static void Place(Span<byte> batch, long baseOffset, int leaderEpoch)
    {
        BinaryPrimitives.WriteInt64BigEndian(batch, baseOffset);
        BinaryPrimitives.WriteInt32BigEndian(batch[LengthEnd..], leaderEpoch);
    }

    public static void StampAppendTime(Span<byte> batch, long now)
    {
        var attributes = BinaryPrimitives.ReadInt16BigEndian(batch[CrcFrom..]);
        BinaryPrimitives.WriteInt16BigEndian(batch[CrcFrom..], (short)(attributes | LogAppendTime));
        BinaryPrimitives.WriteInt64BigEndian(batch[35..], now);
        Seal(batch);
    }

    /// <summary>
    /// Writes a header over a payload that is already in place, as a cleaned copy of <paramref name="old"/>.
    /// </summary>
    public static void Rewrite(Span<byte> batch, Batch old, int count, long maxTimestamp)
    {
        old.bytes[..HeaderBytes].CopyTo(batch);
        BinaryPrimitives.WriteInt32BigEndian(batch[8..], batch.Length - LengthEnd);
        var attributes = (short)(old.Attributes & ~CompressionMask);
        BinaryPrimitives.WriteInt16BigEndian(batch[CrcFrom..], attributes);
        BinaryPrimitives.WriteInt64BigEndian(batch[35..], maxTimestamp);
        BinaryPrimitives.WriteInt32BigEndian(batch[57..], count);
        Seal(batch);
    }

    /// <summary>The bytes of records that came in a request, to be stamped where they lie.</summary>
    public static Span<byte> Writable(ReadOnlyMemory<byte> records) => MemoryMarshal.AsMemory(records).Span;

    private static void Seal(Span<byte> batch) =>
        BinaryPrimitives.WriteUInt32BigEndian(batch[CrcAt..], Crc32C.Of(batch[CrcFrom..]));
}
