using System.Buffers.Binary;
using System.Security.Cryptography;
using Tributary.Ingestion.Wire;

namespace Tributary.Ingestion.Deduplicating;

/// <summary>
/// All that de-duplication needs of an event: whose it is, by which source it came, and 128 bits that stand for
/// organisation and message id. They are of a cryptographic hash, so that no sender can make an id that swallows
/// another organisation's.
/// </summary>
/// <param name="Id">Null where there is no message id: such an event is never a repeat.</param>
internal readonly record struct ReceivedEvent(UInt128? Id, Guid Organisation, Guid Source)
{
    private const int MessageIdStackMax = 256;
    private const int UuidLength = 16;

    /// <summary>Allocates nothing for message ids of ordinary length.</summary>
    /// <exception cref="FormatException">The bytes are no event of an organisation.</exception>
    public static ReceivedEvent Read(ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> organisation = default, source = default, messageId = default;
        for (var fields = new WireFields(value); fields.Read();)
        {
            switch (fields.Number)
            {
                case 1: organisation = fields.Bytes; break;
                case 2: source = fields.Bytes; break;
                case 3: messageId = fields.Bytes; break;
            }
        }
        if (organisation.Length != UuidLength) throw new FormatException("the organisation is no UUID");
        return new ReceivedEvent(
            messageId.IsEmpty ? null : IdOf(organisation, messageId),
            new Guid(organisation, bigEndian: true),
            source.Length == UuidLength ? new Guid(source, bigEndian: true) : Guid.Empty);
    }

    /// <summary>Null where the bytes are no event of an organisation.</summary>
    public static ReceivedEvent? TryRead(byte[]? value)
    {
        try
        {
            return value is null ? null : Read(value);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static UInt128 IdOf(ReadOnlySpan<byte> organisation, ReadOnlySpan<byte> messageId)
    {
        var length = UuidLength + messageId.Length;
        var both = length <= MessageIdStackMax ? stackalloc byte[length] : new byte[length];
        organisation.CopyTo(both); // Of one length, so that no two pairs are the same bytes.
        messageId.CopyTo(both[UuidLength..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(both, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
