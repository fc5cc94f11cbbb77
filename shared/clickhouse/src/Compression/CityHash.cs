using System.Buffers.Binary;
using System.Numerics;

namespace Tributary.ClickHouse.Compression;

/// <summary>CityHash128 as it was in version 1.0.2: the checksum of ClickHouse's compressed blocks.</summary>
public static class CityHash
{
    private const ulong K0 = 0xc3a5c85c97cb3127;
    private const ulong K1 = 0xb492b66fbe98f273;
    private const ulong K2 = 0x9ae16a3b2f90404f;
    private const ulong K3 = 0xc949d7c7509e6557;
    private const ulong Multiplier = 0x9ddfea08eb382d69;

    public static (ulong Low, ulong High) Hash128(ReadOnlySpan<byte> text) => text.Length switch
    {
        >= 16 => Seeded(text[16..], U64(text) ^ K3, U64(text[8..])),
        >= 8 => Seeded([], U64(text) ^ ((ulong)text.Length * K0), U64(text[^8..]) ^ K1),
        _ => Seeded(text, K0, K1),
    };

    private static (ulong Low, ulong High) Seeded(ReadOnlySpan<byte> text, ulong low, ulong high)
    {
        if (text.Length < 128) return Murmur(text, low, high);

        var whole = text;
        var (x, y, z) = (low, high, (ulong)text.Length * K1);
        (ulong Low, ulong High) v, w;
        v.Low = (BitOperations.RotateRight(y ^ K1, 49) * K1) + U64(text);
        v.High = (BitOperations.RotateRight(v.Low, 42) * K1) + U64(text[8..]);
        w.Low = (BitOperations.RotateRight(y + z, 35) * K1) + x;
        w.High = BitOperations.RotateRight(x + U64(text[88..]), 53) * K1;

        for (; text.Length >= 128; text = text[128..])
        {
            Round(text, ref x, ref y, ref z, ref v, ref w);
            Round(text[64..], ref x, ref y, ref z, ref v, ref w);
        }

        y += (BitOperations.RotateRight(w.Low, 37) * K0) + z;
        x += BitOperations.RotateRight(v.Low + z, 49) * K0;
        for (var tail = 32; tail - 32 < text.Length; tail += 32)
        {
            y = (BitOperations.RotateRight(y - x, 42) * K0) + v.High;
            w.Low += U64(whole[^(tail - 16)..]);
            x = (BitOperations.RotateRight(x, 49) * K0) + w.Low;
            w.Low += v.Low;
            v = Weak(whole[^tail..], v.Low, v.High);
        }

        x = Mix(x, v.Low);
        y = Mix(y, w.Low);
        return (Mix(x + v.High, w.High) + y, Mix(x + w.High, y + v.High));
    }

    private static void Round(ReadOnlySpan<byte> text, ref ulong x, ref ulong y, ref ulong z,
        ref (ulong Low, ulong High) v, ref (ulong Low, ulong High) w)
    {
        x = BitOperations.RotateRight(x + y + v.Low + U64(text[16..]), 37) * K1;
        y = BitOperations.RotateRight(y + v.High + U64(text[48..]), 42) * K1;
        x ^= w.High;
        y ^= v.Low;
        z = BitOperations.RotateRight(z ^ w.Low, 33);
        v = Weak(text, v.High * K1, x + w.Low);
        w = Weak(text[32..], z + w.High, y);
        (z, x) = (x, z);
    }

    private static (ulong Low, ulong High) Murmur(ReadOnlySpan<byte> text, ulong a, ulong b)
    {
        ulong c, d;
        if (text.Length <= 16)
        {
            a = Shift(a * K1) * K1;
            c = (b * K1) + UpTo16(text);
            d = Shift(a + (text.Length >= 8 ? U64(text) : c));
        }
        else
        {
            c = Mix(U64(text[^8..]) + K1, a);
            d = Mix(b + (ulong)text.Length, c + U64(text[^16..]));
            a += d;
            for (var at = 0; at < text.Length - 16; at += 16)
            {
                a = (a ^ (Shift(U64(text[at..]) * K1) * K1)) * K1;
                b ^= a;
                c = (c ^ (Shift(U64(text[(at + 8)..]) * K1) * K1)) * K1;
                d ^= c;
            }
        }

        a = Mix(a, c);
        b = Mix(d, b);
        return (a ^ b, Mix(b, a));
    }

    private static ulong UpTo16(ReadOnlySpan<byte> text)
    {
        var length = text.Length;
        if (length > 8)
        {
            var last = U64(text[^8..]);
            return Mix(U64(text), BitOperations.RotateRight(last + (ulong)length, length)) ^ last;
        }

        if (length >= 4) return Mix((ulong)length + ((ulong)U32(text) << 3), U32(text[^4..]));
        if (length == 0) return K2;

        var y = text[0] + ((uint)text[length >> 1] << 8);
        var z = (uint)length + ((uint)text[length - 1] << 2);
        return Shift((y * K2) ^ (z * K3)) * K2;
    }

    private static (ulong Low, ulong High) Weak(ReadOnlySpan<byte> text, ulong a, ulong b)
    {
        var z = U64(text[24..]);
        a += U64(text);
        b = BitOperations.RotateRight(b + a + z, 21);
        var c = a;
        a += U64(text[8..]) + U64(text[16..]);
        b += BitOperations.RotateRight(a, 44);
        return (a + z, b + c);
    }

    private static ulong Mix(ulong low, ulong high)
    {
        var a = (low ^ high) * Multiplier;
        a ^= a >> 47;
        var b = (high ^ a) * Multiplier;
        b ^= b >> 47;
        return b * Multiplier;
    }

    private static ulong Shift(ulong value) => value ^ (value >> 47);

    private static ulong U64(ReadOnlySpan<byte> text) => BinaryPrimitives.ReadUInt64LittleEndian(text);

    private static uint U32(ReadOnlySpan<byte> text) => BinaryPrimitives.ReadUInt32LittleEndian(text);
}
