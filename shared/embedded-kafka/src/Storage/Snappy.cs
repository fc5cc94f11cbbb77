using System.Buffers.Binary;

namespace Tributary.EmbeddedKafka.Storage;

/// <summary>Expands snappy: a bare block, or blocks in the frame that Java's library writes.</summary>
internal static class Snappy
{
    private const int FrameHeaderBytes = 16;

    private static ReadOnlySpan<byte> FrameMark =>
        [0x82, (byte)'S', (byte)'N', (byte)'A', (byte)'P', (byte)'P', (byte)'Y', 0];

    public static byte[] Expand(ReadOnlySpan<byte> payload, int bytesMax)
    {
        if (!payload.StartsWith(FrameMark)) return Block(payload, bytesMax);

        var expanded = new MemoryStream();
        for (var rest = payload[FrameHeaderBytes..]; rest.Length >= 4;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(rest);
            expanded.Write(Block(rest.Slice(4, length), bytesMax - (int)expanded.Length));
            rest = rest[(4 + length)..];
        }

        return expanded.ToArray();
    }

    private static byte[] Block(ReadOnlySpan<byte> block, int bytesMax)
    {
        var (length, at) = Length(block);
        if (length > bytesMax) throw new InvalidDataException("a compressed batch expands beyond the limit");

        var output = new byte[length];
        var written = 0;
        while (at < block.Length)
        {
            var tag = block[at++];
            if ((tag & 3) == 0)
            {
                var literal = (tag >> 2) + 1;
                if (literal > 60)
                {
                    var extra = literal - 60;
                    literal = 1;
                    for (var index = 0; index < extra; index++) literal += block[at + index] << (8 * index);
                    at += extra;
                }

                block.Slice(at, literal).CopyTo(output.AsSpan(written));
                at += literal;
                written += literal;
                continue;
            }

            var (copied, distance, taken) = Copy(tag, block[at..]);
            at += taken;
            Repeat(output, written, distance, copied);
            written += copied;
        }

        return output;
    }

    /// <summary>Copies bytes from before, which may overlap what they make.</summary>
    public static void Repeat(byte[] output, int at, int distance, int count)
    {
        if (distance <= 0 || distance > at || count > output.Length - at)
            throw new InvalidDataException("a compressed batch refers to what is not there");
        for (var index = 0; index < count; index++) output[at + index] = output[at + index - distance];
    }

    private static (int Count, int Distance, int Taken) Copy(int tag, ReadOnlySpan<byte> rest) => (tag & 3) switch
    {
        1 => (((tag >> 2) & 7) + 4, ((tag >> 5) << 8) | rest[0], 1),
        2 => ((tag >> 2) + 1, BinaryPrimitives.ReadUInt16LittleEndian(rest), 2),
        _ => ((tag >> 2) + 1, BinaryPrimitives.ReadInt32LittleEndian(rest), 4),
    };

    private static (int Length, int At) Length(ReadOnlySpan<byte> block)
    {
        var (length, at) = (0, 0);
        while (true)
        {
            length |= (block[at] & 0x7f) << (7 * at);
            if (block[at++] < 0x80) return length < 0 ? throw new InvalidDataException("a length is negative")
                : (length, at);
        }
    }
}
