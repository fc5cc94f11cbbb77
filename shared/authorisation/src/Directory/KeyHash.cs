using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Tributary.Authorisation.Directory;

/// <summary>A SHA-256, as a dictionary's key: 32 bytes by value.</summary>
internal readonly struct KeyHash : IEquatable<KeyHash>
{
    private readonly ulong _a, _b, _c, _d;

    private KeyHash(ReadOnlySpan<ulong> words) => (_a, _b, _c, _d) = (words[0], words[1], words[2], words[3]);

    /// <summary>Of a key as it was sent. Allocates nothing.</summary>
    public static KeyHash Of(ReadOnlySpan<byte> key)
    {
        Span<ulong> words = stackalloc ulong[4];
        SHA256.HashData(key, MemoryMarshal.AsBytes(words));
        return new(words);
    }

    /// <summary>Null for what is no SHA-256.</summary>
    public static KeyHash? From(ReadOnlySpan<byte> hash)
    {
        if (hash.Length != SHA256.HashSizeInBytes) return null;
        Span<ulong> words = stackalloc ulong[4];
        hash.CopyTo(MemoryMarshal.AsBytes(words));
        return new(words);
    }

    public bool Equals(KeyHash other) => _a == other._a && _b == other._b && _c == other._c && _d == other._d;

    public override bool Equals(object? obj) => obj is KeyHash other && Equals(other);

    public override int GetHashCode() => _a.GetHashCode(); // Evenly spread already.
}
