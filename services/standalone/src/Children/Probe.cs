using System.Net.Sockets;

namespace Tributary.Standalone.Children;

/// <summary>Asks a child whether it is well, by what it listens on.</summary>
internal sealed class Probe(TimeProvider time) : IDisposable
{
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { UseProxy = false });

    public async Task<bool> AnswersAsync(Uri address, TimeSpan bound, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(bound, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return address.Scheme == Uri.UriSchemeHttp
                ? await GetAsync(address, either.Token)
                : await ConnectAsync(address, either.Token);
        }
        catch (Exception fault) when (fault is HttpRequestException or SocketException or OperationCanceledException)
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
}
