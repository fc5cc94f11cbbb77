using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Tributary.EmbeddedKafka.Network;

/// <summary>Takes connections on loopback, up to a number, and ends them all when it stops.</summary>
internal sealed partial class Listener(
    Dispatcher dispatcher, BrokerOptions options, TimeProvider time, ILogger<Listener> logger) : IAsyncDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(2);

    private readonly Socket socket = new(options.Listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentDictionary<long, Task> connections = new();
    private readonly ConnectionLimits limits =
        new(options.RequestBytesMax, options.RequestArrivesWithin, new ByteBudget(options.InFlightBytesMax), time);
    private Task accepting = Task.CompletedTask;
    private long accepted;

    public IPEndPoint Address => (IPEndPoint)socket.LocalEndPoint!;

    public void Bind()
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
        socket.Bind(options.Listen);
    }

    public void Start()
    {
        socket.Listen(backlog: 512);
        accepting = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        socket.Dispose();
        await accepting;
        var all = Task.WhenAll(connections.Values);
        await Task.WhenAny(all, Task.Delay(StopTimeout, CancellationToken.None));
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                Serve(await socket.AcceptAsync(stopping.Token));
            }
            catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException failed)
            {
                AcceptFailed(failed.Message);
                // Out of descriptors, most likely.
                await Task.Delay(TimeSpan.FromMilliseconds(50), CancellationToken.None);
            }
        }
    }

    private void Serve(Socket client)
    {
        if (connections.Count >= options.ConnectionsMax)
        {
            Refused(client.RemoteEndPoint?.ToString() ?? "unknown", options.ConnectionsMax);
            client.Dispose();
            return;
        }

        client.NoDelay = true;
        var id = accepted++;
        connections[id] = Task.CompletedTask;
        _ = ServeAsync(id, client);
    }

    private async Task ServeAsync(long id, Socket client)
    {
        var ended = new TaskCompletionSource();
        connections[id] = ended.Task;
        try
        {
            await Task.Yield();
            using var connection = new Connection(client, dispatcher, limits, logger);
            await connection.RunAsync(stopping.Token);
        }
        finally
        {
            connections.TryRemove(id, out _);
            ended.SetResult();
        }
    }

    [LoggerMessage(LogLevel.Warning, "The connection from {Peer} was refused: {Max} connections are open")]
    private partial void Refused(string peer, int max);

    [LoggerMessage(LogLevel.Warning, "A connection could not be taken: {Reason}")]
    private partial void AcceptFailed(string reason);
}
