using System.Buffers.Binary;

namespace Tributary.ClickHouse.Compression;

/// <summary>
/// ClickHouse's compressed block: checksum (16 bytes), method, length with header, length without compression, bytes.
/// </summary>
public static class CompressedBlock
{
    public const int ChecksumLength = 16;
    public const int HeaderLength = 9;

    /// <summary>
    /// What a block holds at most on either side; a longer one is refused before memory is taken for it.
    /// </summary>
    public const int LengthMax = 128 * 1024 * 1024;

    private const byte Plain = 0x02;
    private const byte WithLz4 = 0x82;
    private const byte WithZstd = 0x90;

    public static int WrittenMax(int length) => ChecksumLength + HeaderLength + Lz4.CompressedMax(length);

    /// <summary>Writes <paramref name="content"/> as one block with LZ4 and says how long it became.</summary>
    public static int Write(ReadOnlySpan<byte> content, Span<byte> target)
    {
        var packed = HeaderLength + Lz4.Compress(content, target[(ChecksumLength + HeaderLength)..]);
        var block = target.Slice(ChecksumLength, packed);
        block[0] = WithLz4;
        BinaryPrimitives.WriteInt32LittleEndian(block[1..], packed);
        BinaryPrimitives.WriteInt32LittleEndian(block[5..], content.Length);

        var (low, high) = CityHash.Hash128(block);
        BinaryPrimitives.WriteUInt64LittleEndian(target, low);
        BinaryPrimitives.WriteUInt64LittleEndian(target[8..], high);
        return ChecksumLength + packed;
    }

    /// <summary>
    /// The lengths that a block's first 25 bytes announce: of the block after the checksum, and unpacked.
    /// </summary>
    public static (int Packed, int Unpacked) Lengths(ReadOnlySpan<byte> head)
    {
        var packed = BinaryPrimitives.ReadInt32LittleEndian(head[(ChecksumLength + 1)..]);
        var unpacked = BinaryPrimitives.ReadInt32LittleEndian(head[(ChecksumLength + 5)..]);
        if (packed is < HeaderLength or > LengthMax || unpacked is < 0 or > LengthMax)
        {
            throw new InvalidDataException($"A compressed block claims {packed} bytes for {unpacked}.");
        }

        return (packed, unpacked);
    }

    /// <summary>Unpacks one whole block (checksum first) into exactly <paramref name="target"/>.</summary>
    public static void Read(ReadOnlySpan<byte> block, Span<byte> target)
    {
        var (low, high) = CityHash.Hash128(block[ChecksumLength..]);
        if (low != BinaryPrimitives.ReadUInt64LittleEndian(block)
            || high != BinaryPrimitives.ReadUInt64LittleEndian(block[8..]))
        {
            throw new InvalidDataException("Checksum doesn't match: corrupted data.");
        }

        var content = block[(ChecksumLength + HeaderLength)..];
        switch (block[ChecksumLength])
        {
            case Plain when content.Length == target.Length:
                content.CopyTo(target);
                break;
            case WithLz4:
                Lz4.Decompress(content, target);
                break;
            case WithZstd:
                Zstd.Decompress(content, target);
                break;
            default:
                throw new InvalidDataException($"Unknown compression method 0x{block[ChecksumLength]:x2} of a block.");
        }
    }
}
