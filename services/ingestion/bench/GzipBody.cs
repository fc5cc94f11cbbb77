using System.Buffers.Binary;
using System.IO.Compression;

namespace Tributary.Ingestion.Bench;

/// <summary>
/// A gzip stream whose digits can be changed in place. A checksum is linear, so what each digit does to it is known
/// beforehand.
/// </summary>
internal sealed record GzipBody(
    byte[] Bytes, int DigitsAt, int CrcAt, uint CrcOfZeros, IReadOnlyList<uint> CrcChanges)
{
    private const int TrailerBytes = 8;
    private static ReadOnlySpan<byte> Header => [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];

    /// <param name="places">Where the same digits stand in the text.</param>
    public static GzipBody Of(byte[] text, IReadOnlyList<int> places, int digits)
    {
        var (bytes, digitsAt) = Pack(text, places[0], digits);
        var zeros = CrcOf(With(text, places, new string('0', digits)));
        var changes =
            from digit in Enumerable.Range(0, digits)
            from value in Enumerable.Range(0, 10)
            let number = new string('0', digit) + value + new string('0', digits - digit - 1)
            select CrcOf(With(text, places, number)) ^ zeros;
        var body = new GzipBody(bytes, digitsAt, bytes.Length - TrailerBytes, zeros, [.. changes]);
        body.Check(text, places, digits);
        return body;
    }

    /// <summary>The stream with other digits, as the load makes it.</summary>
    public byte[] WithDigits(string number)
    {
        var bytes = (byte[])Bytes.Clone();
        var crc = CrcOfZeros;
        for (var digit = 0; digit < number.Length; digit++)
        {
            bytes[DigitsAt + digit] = (byte)number[digit];
            crc ^= CrcChanges[digit * 10 + number[digit] - '0'];
        }
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(CrcAt), crc);
        return bytes;
    }

    private void Check(byte[] text, IReadOnlyList<int> places, int digits)
    {
        var number = "4719203856"[..digits];
        using var unpacked = new MemoryStream();
        using (var gzip = new GZipStream(new MemoryStream(WithDigits(number)), CompressionMode.Decompress))
            gzip.CopyTo(unpacked);
        if (!unpacked.ToArray().AsSpan().SequenceEqual(With(text, places, number)))
            throw new InvalidOperationException("A digit was not copied from its first place");
    }

    // A flush ends a block at a whole byte, so that the block between two of them can be put in as it is.
    private static (byte[] Bytes, int DigitsAt) Pack(byte[] text, int place, int digits)
    {
        using var deflated = new MemoryStream();
        var deflate = new DeflateStream(deflated, CompressionLevel.Optimal, leaveOpen: true);
        deflate.Write(text.AsSpan(0, place));
        deflate.Flush();
        var before = (int)deflated.Length;
        deflate.Write(text.AsSpan(place, digits));
        deflate.Flush();
        var after = (int)deflated.Length;
        deflate.Write(text.AsSpan(place + digits));
        deflate.Dispose();

        var blocks = deflated.ToArray();
        byte[] stored = [0, (byte)digits, 0, (byte)~digits, 0xff];
        var trailer = new byte[TrailerBytes];
        BinaryPrimitives.WriteInt32LittleEndian(trailer.AsSpan(4), text.Length);
        byte[] bytes =
        [
            .. Header, .. blocks[..before], .. stored, .. text.AsSpan(place, digits), .. blocks[after..], .. trailer,
        ];
        return (bytes, Header.Length + before + stored.Length);
    }

    private static byte[] With(byte[] text, IReadOnlyList<int> places, string number)
    {
        var changed = (byte[])text.Clone();
        foreach (var place in places)
        {
            for (var digit = 0; digit < number.Length; digit++) changed[place + digit] = (byte)number[digit];
        }
        return changed;
    }

    // The polynomial of gzip, bit by bit: it is done some hundred times.
    private static uint CrcOf(byte[] text)
    {
        var crc = uint.MaxValue;
        foreach (var one in text)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0xedb88320);
        }
        return ~crc;
    }
}
