using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tributary.ClickHouse.Columns;

/// <summary>The 32 bytes of a 256-bit number.</summary>
[InlineArray(4)]
public struct Int256Bytes
{
    private ulong part;

    internal static BigInteger Read(Int256Bytes value, bool unsigned)
    {
        ReadOnlySpan<ulong> parts = value;
        return new BigInteger(MemoryMarshal.AsBytes(parts), unsigned);
    }

    internal static Int256Bytes Of(BigInteger value, bool unsigned)
    {
        var bytes = new Int256Bytes();
        Span<ulong> parts = bytes;
        var target = MemoryMarshal.AsBytes(parts);
        if (value.Sign < 0) target.Fill(0xff);
        if (!value.TryWriteBytes(target, out _, unsigned)) throw new OverflowException(
            $"{value} has more than 256 bits.");
        return bytes;
    }
}
