using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Tributary.ClickHouse.Columns;

/// <summary>IP addresses: version 4 as a number, version 6 as its sixteen bytes in order.</summary>
internal static class Addresses
{
    public static IPAddress ReadV4(uint kept)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, kept);
        return new IPAddress(bytes);
    }

    public static uint OfV4(IPAddress value)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (!value.TryWriteBytes(bytes, out var length)
            || length != 4) throw new ArgumentException($"{value} is no IPv4 address.");
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    public static IPAddress ReadV6(UInt128 kept)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, kept);
        return new IPAddress(bytes);
    }

    public static UInt128 OfV6(IPAddress value)
    {
        Span<byte> bytes = stackalloc byte[16];
        var address = value.AddressFamily == AddressFamily.InterNetwork ? value.MapToIPv6() : value;
        address.TryWriteBytes(bytes, out _);
        return BinaryPrimitives.ReadUInt128LittleEndian(bytes);
    }
}
