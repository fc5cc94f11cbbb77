using System.Buffers.Binary;

namespace Tributary.EmbeddedKafka.Storage;

/// <summary>
/// Expands the lz4 frame format. The record batch's own checksum was checked, so the frame's are passed over.
/// </summary>
internal static class Lz4
{
    private const uint FrameMark = 0x184D2204;
    private const byte HasContentSize = 0x08;
    private const byte HasContentChecksum = 0x04;
    private const byte HasBlockChecksum = 0x10;
    private const uint StoredBlock = 0x8000_0000;
    private const int MatchMin = 4;

    public static byte[] Expand(ReadOnlySpan<byte> frame, int bytesMax)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(frame) != FrameMark) throw new InvalidDataException("no lz4 frame");
        var flags = frame[4];
        var rest = frame[((flags & HasContentSize) != 0 ? 15 : 7)..];
        var (output, written) = (new byte[Math.Max(64 * 1024, frame.Length * 4)], 0);
        while (true)
        {
            var size = BinaryPrimitives.ReadUInt32LittleEndian(rest);
            rest = rest[4..];
            if (size == 0) break;

            var length = (int)(size & ~StoredBlock);
            var block = rest[..length];
            if ((size & StoredBlock) != 0)
            {
                Reserve(ref output, written, length, bytesMax);
                block.CopyTo(output.AsSpan(written));
                written += length;
            }
            else
            {
                Block(block, ref output, ref written, bytesMax);
            }

            rest = rest[(length + ((flags & HasBlockChecksum) != 0 ? 4 : 0))..];
        }

        if ((flags & HasContentChecksum) != 0 && rest.Length < 4) throw new InvalidDataException(
            "an lz4 frame is cut short");
        return output[..written];
    }

    private static void Block(ReadOnlySpan<byte> block, ref byte[] output, ref int written, int bytesMax)
    {
        var at = 0;
        while (at < block.Length)
        {
            var token = block[at++];
            var literal = Count(token >> 4, block, ref at);
            Reserve(ref output, written, literal, bytesMax);
            block.Slice(at, literal).CopyTo(output.AsSpan(written));
            at += literal;
            written += literal;
            if (at >= block.Length) return;

            var distance = BinaryPrimitives.ReadUInt16LittleEndian(block[at..]);
            at += 2;
            var match = Count(token & 15, block, ref at) + MatchMin;
            Reserve(ref output, written, match, bytesMax);
            Snappy.Repeat(output, written, distance, match);
            written += match;
        }
    }

    private static int Count(int nibble, ReadOnlySpan<byte> block, ref int at)
    {
        var count = nibble;
        if (nibble < 15) return count;
        byte more;
        do
        {
            more = block[at++];
            count += more;
        }
        while (more == byte.MaxValue);
        return count;
    }

    private static void Reserve(ref byte[] output, int written, int more, int bytesMax)
    {
        if (output.Length - written >= more) return;
        if ((long)written + more > bytesMax) throw new InvalidDataException(
            "a compressed batch expands beyond the limit");
        Array.Resize(ref output, (int)Math.Min(bytesMax, Math.Max((long)output.Length * 2, (long)written + more)));
    }
}
