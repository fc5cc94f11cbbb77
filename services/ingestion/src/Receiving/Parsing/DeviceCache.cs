using System.Text;
using Google.Protobuf;

namespace Tributary.Ingestion.Receiving.Parsing;

/// <summary>
/// The devices of the user agents that came lately, as they are on the wire. A table of fixed size in which a newer one
/// takes an older one's place. Safe on any thread: an entry never changes.
/// </summary>
internal sealed class DeviceCache
{
    private const int Places = 4_096;
    private const int LengthMax = 512; // What is longer is read no further.
    private readonly Entry?[] _entries = new Entry?[Places];

    /// <summary>The bytes of a <see cref="Contracts.V1.Device"/>; none for no user agent.</summary>
    public ReadOnlySpan<byte> Of(scoped ReadOnlySpan<byte> userAgent)
    {
        if (userAgent.IsEmpty) return default;
        if (userAgent.Length > LengthMax) userAgent = userAgent[..LengthMax];
        var hash = new HashCode();
        hash.AddBytes(userAgent);
        ref var place = ref _entries[(uint)hash.ToHashCode() % Places];
        var found = Volatile.Read(ref place);
        if (found is null || !userAgent.SequenceEqual(found.UserAgent))
        {
            found = new Entry(userAgent.ToArray(), UserAgent.Read(Encoding.UTF8.GetString(userAgent)).ToByteArray());
            Volatile.Write(ref place, found);
        }
        return found.Device;
    }

    private sealed record Entry(byte[] UserAgent, byte[] Device);
}
