using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Tributary.Ingestion.Keeping;

/// <summary>
/// How an event lies in a file of the spool: length of what follows the checksum, its CRC-32C, length of the key, key,
/// value. Numbers are 4 bytes, big-endian.
/// </summary>
internal static class SpoolRecord
{
    public const int HeadLength = 8;
    private const int KeyLength = 4;
    public const int BodyBytesMax = 7 << 20;

    public static int LengthOf(int keyLength, int valueLength) => HeadLength + KeyLength + keyLength + valueLength;

    public static void Write(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, Span<byte> record)
    {
        var body = record[HeadLength..];
        BinaryPrimitives.WriteInt32BigEndian(body, key.Length);
        key.CopyTo(body[KeyLength..]);
        value.CopyTo(body[(KeyLength + key.Length)..]);
        BinaryPrimitives.WriteInt32BigEndian(record, body.Length);
        BinaryPrimitives.WriteUInt32BigEndian(record[4..], Checksum(body));
    }

    /// <summary>
    /// The first record of what was read. False when it is not whole, or not what was written.
    /// </summary>
    public static bool TryRead(
        ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value, out int length)
    {
        key = value = default;
        length = 0;
        if (bytes.Length < HeadLength + KeyLength) return false;
        var bodyLength = BinaryPrimitives.ReadInt32BigEndian(bytes);
        if (bodyLength is < KeyLength or > BodyBytesMax || bodyLength > bytes.Length - HeadLength) return false;
        var body = bytes.Slice(HeadLength, bodyLength);
        if (BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) != Checksum(body)) return false;
        var keyLength = BinaryPrimitives.ReadInt32BigEndian(body);
        if (keyLength < 0 || keyLength > bodyLength - KeyLength) return false;
        key = body.Slice(KeyLength, keyLength);
        value = body[(KeyLength + keyLength)..];
        length = HeadLength + bodyLength;
        return true;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var eight in MemoryMarshal.Cast<byte, ulong>(bytes)) crc = BitOperations.Crc32C(crc, eight);
        foreach (var one in bytes[(bytes.Length & ~7)..]) crc = BitOperations.Crc32C(crc, one);
        return ~crc;
    }
}
