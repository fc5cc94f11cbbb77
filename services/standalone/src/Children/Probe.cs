using System.Net.Sockets;

namespace Tributary.Standalone.Children;

/// <summary>Asks a child whether it is well, by what it listens on.</summary>
internal sealed class Probe(TimeProvider time) : IDisposable
{
    /// <summary>Kafka's ApiVersions, version 0: length, key 18, version, correlation 4711, no client id.</summary>
    private static readonly byte[] ApiVersions = [0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0x12, 0x67, 0xFF, 0xFF];

    /// <summary>The correlation again, and no error.</summary>
    private static readonly byte[] ApiVersionsHead = [0, 0, 0x12, 0x67, 0, 0];

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { UseProxy = false });

    public async Task<bool> AnswersAsync(Uri address, TimeSpan bound, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(bound, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return address.Scheme switch
            {
                "http" => await GetAsync(address, either.Token),
                "kafka" => await AskVersionsAsync(address, either.Token),
                _ => await ConnectAsync(address, either.Token),
            };
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or SocketException
            or OperationCanceledException)
        {
            return false;
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<bool> GetAsync(Uri address, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        using var answer = await _http.SendAsync(request, cancellationToken);
        return answer.IsSuccessStatusCode;
    }

    private static async Task<bool> ConnectAsync(Uri address, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, cancellationToken);
        return true;
    }

    /// <summary>A process that hangs still takes connections, because the system does; it answers nothing.</summary>
    private static async Task<bool> AskVersionsAsync(Uri address, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, cancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync(ApiVersions, cancellationToken);
        var head = new byte[10];
        await stream.ReadExactlyAsync(head, cancellationToken);
        return head.AsSpan(4, 6).SequenceEqual(ApiVersionsHead);
    }
}
