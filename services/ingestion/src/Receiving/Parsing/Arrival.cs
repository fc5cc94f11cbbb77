namespace Tributary.Ingestion.Receiving.Parsing;

/// <summary>What is known of a request's events without reading them. Used by one request after another.</summary>
internal sealed class Arrival
{
    private const int UserAgentMax = 512;
    private readonly byte[] _address = new byte[IpText.BytesMax];
    private readonly byte[] _userAgent = new byte[UserAgentMax];
    private int _addressLength;
    private int _userAgentLength;

    public Guid Organisation { get; set; }

    public Guid Source { get; set; }

    public Guid App { get; set; }

    /// <summary>Ticks in UTC.</summary>
    public long ReceivedAt { get; set; }

    /// <summary>What the route says of the type; null where each event says it itself.</summary>
    public byte[]? Type { get; set; }

    /// <summary>Of who sent the request, after the proxies that are trusted.</summary>
    public ReadOnlySpan<byte> Address => _address.AsSpan(0, _addressLength);

    /// <summary>Of the browser that sent the request; none where a program did.</summary>
    public ReadOnlySpan<byte> BrowserAgent => _userAgent.AsSpan(0, _userAgentLength);

    public void CameFrom(System.Net.IPAddress? peer, string? browserAgent)
    {
        _addressLength = 0;
        if (peer is not null) peer.TryWriteBytes(_address, out _addressLength);
        if (peer is { IsIPv4MappedToIPv6: true })
        {
            _address.AsSpan(12).CopyTo(_address);
            _addressLength = 4;
        }
        if (browserAgent is { Length: > UserAgentMax }) browserAgent = browserAgent[..UserAgentMax];
        System.Text.Unicode.Utf8.FromUtf16(browserAgent, _userAgent, out _, out _userAgentLength);
    }
}
