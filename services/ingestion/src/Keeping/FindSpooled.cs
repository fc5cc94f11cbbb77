using System.Buffers;
using System.Text;
using Tributary.Ingestion.Wire;

namespace Tributary.Ingestion.Keeping;

/// <summary>
/// Whether the spool holds an event: reads what lies on the disk, which is little, or bounded by
/// <see cref="SpoolOptions.BytesMax"/> while Kafka is away.
/// </summary>
internal sealed class FindSpooled(Spool spool)
{
    public bool Holds(Guid organisation, string messageId)
    {
        if (spool.Bytes == 0) return false;

        var buffer = ArrayPool<byte>.Shared.Rent(SpoolRecord.BodyBytesMax + SpoolRecord.HeadLength);
        try
        {
            var (owner, id) = (organisation.ToByteArray(bigEndian: true), Encoding.UTF8.GetBytes(messageId));
            return spool.Files.Any(file => Holds(file, buffer, owner, id));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool Holds(SpoolFile file, byte[] buffer, byte[] organisation, byte[] messageId)
    {
        try
        {
            for (long from = 0, read; from < file.End; from += read)
            {
                read = 0;
                var bytes = buffer.AsSpan(0, file.Read(buffer, from));
                while (SpoolRecord.TryRead(bytes[(int)read..], out _, out var value, out var length))
                {
                    if (Is(value, organisation, messageId)) return true;
                    read += length;
                }
                if (read == 0) return false;
            }
            return false;
        }
        catch (ObjectDisposedException)
        {
            return false; // It was removed while it was read: all of it is in the log.
        }
    }

    private static bool Is(ReadOnlySpan<byte> value, byte[] organisation, byte[] messageId)
    {
        var (isOwner, isId) = (false, false);
        for (var fields = new WireFields(value); !(isOwner && isId) && fields.Read();)
        {
            if (fields.Number == 1) isOwner = fields.Bytes.SequenceEqual(organisation);
            else if (fields.Number == 3) isId = fields.Bytes.SequenceEqual(messageId);
        }
        return isOwner && isId;
    }
}
