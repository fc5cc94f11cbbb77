using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tributary.ClickHouse.Compression;

/// <summary>LZ4's block format, both ways, without a native library. Holds no state; any thread.</summary>
public static class Lz4
{
    private const int HashBits = 13;
    private const int MatchMin = 4;
    private const int LiteralTail = 5;   // The format ends every block with at least five literals,
    private const int MatchFreeTail = 12; // and lets no match begin within the last twelve bytes.
    private const int DistanceMax = 65535;

    public static int CompressedMax(int length) => length + (length / 255) + 16;

    /// <summary>
    /// Compresses all of <paramref name="source"/>; the target must hold <see cref="CompressedMax"/>.
    /// </summary>
    public static int Compress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        var table = ArrayPool<int>.Shared.Rent(1 << HashBits);
        try
        {
            table.AsSpan(0, 1 << HashBits).Fill(-1);
            return Compress(source, target, table);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(table);
        }
    }

    /// <summary>Fills exactly <paramref name="target"/>, or throws when the block is not whole or not sound.</summary>
    public static void Decompress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        int at = 0, to = 0;
        while (true)
        {
            var token = Next(source, ref at);
            var literals = Length(source, ref at, token >> 4);
            if (literals > source.Length - at || literals > target.Length - to) throw Broken();
            source.Slice(at, literals).CopyTo(target[to..]);
            (at, to) = (at + literals, to + literals);
            if (at == source.Length) break;

            if (at + 2 > source.Length) throw Broken();
            var distance = BinaryPrimitives.ReadUInt16LittleEndian(source[at..]);
            at += 2;
            var length = Length(source, ref at, token & 15) + MatchMin;
            if (distance == 0 || distance > to || length > target.Length - to) throw Broken();
            CopyMatch(target, to, distance, length);
            to += length;
        }

        if (to != target.Length) throw Broken();
    }

    private static int Compress(ReadOnlySpan<byte> source, Span<byte> target, int[] table)
    {
        int at = 0, anchor = 0, to = 0, misses = 0;
        while (at < source.Length - MatchFreeTail)
        {
            var word = Unsafe.ReadUnaligned<uint>(in source[at]);
            ref var slot = ref table[(word * 2654435761u) >> (32 - HashBits)];
            var candidate = slot;
            slot = at;
            if (candidate < 0 || at - candidate > DistanceMax
                || Unsafe.ReadUnaligned<uint>(in source[candidate]) != word)
            {
                at += 1 + (misses++ >> 6); // What has not matched for long is stepped over faster.
                continue;
            }

            misses = 0;
            var length = MatchMin + Same(source[(at + MatchMin)..^LiteralTail], source[(candidate + MatchMin)..]);
            to = Sequence(source[anchor..at], at - candidate, length, target, to);
            at += length;
            anchor = at;
        }

        return Last(source[anchor..], target, to);
    }

    private static int Same(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var at = 0;
        for (; at + 8 <= left.Length; at += 8)
        {
            var difference = Unsafe.ReadUnaligned<ulong>(in left[at]) ^ Unsafe.ReadUnaligned<ulong>(in right[at]);
            if (difference != 0) return at + (BitOperations.TrailingZeroCount(difference) >> 3);
        }

        while (at < left.Length && left[at] == right[at]) at++;
        return at;
    }

    private static int Sequence(ReadOnlySpan<byte> literals, int distance, int length, Span<byte> target, int to)
    {
        ref var token = ref target[to++];
        var match = length - MatchMin;
        token = (byte)((Math.Min(literals.Length, 15) << 4) | Math.Min(match, 15));
        to = Rest(literals.Length, target, to);
        literals.CopyTo(target[to..]);
        to += literals.Length;
        BinaryPrimitives.WriteUInt16LittleEndian(target[to..], (ushort)distance);
        return Rest(match, target, to + 2);
    }

    private static int Last(ReadOnlySpan<byte> literals, Span<byte> target, int to)
    {
        target[to++] = (byte)(Math.Min(literals.Length, 15) << 4);
        to = Rest(literals.Length, target, to);
        literals.CopyTo(target[to..]);
        return to + literals.Length;
    }

    private static int Rest(int length, Span<byte> target, int to)
    {
        if (length < 15) return to;
        for (length -= 15; length >= 255; length -= 255) target[to++] = 255;
        target[to++] = (byte)length;
        return to;
    }

    private static int Length(ReadOnlySpan<byte> source, ref int at, int length)
    {
        if (length < 15) return length;
        byte more;
        do
        {
            more = Next(source, ref at);
            length = checked(length + more);
        }
        while (more == 255);
        return length;
    }

    private static byte Next(ReadOnlySpan<byte> source, ref int at) =>
        at < source.Length ? source[at++] : throw Broken();

    private static void CopyMatch(Span<byte> target, int to, int distance, int length)
    {
        if (distance >= length)
        {
            target.Slice(to - distance, length).CopyTo(target[to..]);
            return;
        }

        ref var start = ref MemoryMarshal.GetReference(target);
        for (var index = to; index < to + length; index++) // The match reads what it writes: byte by byte.
        {
            Unsafe.Add(ref start, index) = Unsafe.Add(ref start, index - distance);
        }
    }

    private static InvalidDataException Broken() => new("An LZ4 block is broken.");
}
