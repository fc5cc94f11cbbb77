using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Tributary.Ingestion.Verifying;

/// <summary>An organisation's events of one hour, by when they were received.</summary>
internal readonly record struct HourKey(Guid Organisation, long Hour);

/// <summary>How many, and the sum of their ids' digests: two sets have it in common only when they are one.</summary>
internal record struct HourCount(long Events, ulong Digest)
{
    public readonly HourCount With(string messageId) => new(Events + 1, unchecked(Digest + DigestOf(messageId)));

    /// <summary>As ClickHouse's <c>reinterpretAsUInt64(substring(SHA256(message_id), 1, 8))</c>.</summary>
    private static ulong DigestOf(string messageId)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(messageId), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }
}
