using System.Net;
using System.Net.Sockets;

namespace Tributary.Testing.Parts;

/// <summary>Questions that tell whether a part does its work.</summary>
public static class Probe
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(2) };

    /// <summary>Something listens there.</summary>
    public static Func<CancellationToken, Task<bool>> Port(int port) => async cancellationToken =>
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        return true;
    };

    /// <summary>The address answers with success, as <c>/health/ready</c> does.</summary>
    public static Func<CancellationToken, Task<bool>> Answers(Uri address) => async cancellationToken =>
    {
        using var response = await Http.GetAsync(address, cancellationToken);
        return response.IsSuccessStatusCode;
    };

    /// <summary>A command ends with success.</summary>
    public static Func<CancellationToken, Task<bool>> Succeeds(params string[] commandLine) =>
        async cancellationToken => await Commands.RunAsync(commandLine, cancellationToken) is { ExitCode: 0 };
}
