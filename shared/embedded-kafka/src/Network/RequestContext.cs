using System.Net;
using Tributary.EmbeddedKafka.Groups;
using Tributary.EmbeddedKafka.Wire;

namespace Tributary.EmbeddedKafka.Network;

/// <summary>Who asked, and in which version of the API: of the request that the connection answers now.</summary>
internal sealed class RequestContext(EndPoint? peer)
{
    private Caller caller = new("", Host(peer));

    /// <summary>Reads the request; used by this connection alone.</summary>
    public WireReader Reader { get; } = new();

    public string Peer { get; } = peer?.ToString() ?? "unknown";
    public short Version { get; set; }
    public Caller Caller => caller;

    /// <summary>Ends waits: the broker stops.</summary>
    public CancellationToken Cancelled { get; set; }

    public void Identify(string? clientId)
    {
        if (caller.ClientId != clientId) caller = caller with { ClientId = clientId ?? "" };
    }

    private static string Host(EndPoint? peer) => peer is IPEndPoint address ? $"/{address.Address}" : "/unknown";
}
