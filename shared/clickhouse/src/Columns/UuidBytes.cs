using System.Buffers.Binary;

namespace Tributary.ClickHouse.Columns;

/// <summary>A UUID is two numbers of 64 bits, the high half first, each with its lowest byte first.</summary>
internal static class UuidBytes
{
    public static Guid Read(UInt128 kept)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, (ulong)kept);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], (ulong)(kept >> 64));
        return new Guid(bytes, bigEndian: true);
    }

    public static UInt128 Of(Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        return new UInt128(BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes));
    }
}
