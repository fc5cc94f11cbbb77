using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Tributary.EmbeddedKafka.Bench;

/// <summary>Stands between a client and a broker and keeps every request that passes.</summary>
internal sealed class Recorder : IDisposable
{
    private readonly Socket listening = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly IPEndPoint broker;
    private readonly List<byte[]> frames;

    public Recorder(IPEndPoint broker, int port, List<byte[]> frames)
    {
        (this.broker, this.frames) = (broker, frames);
        listening.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listening.Listen();
        _ = AcceptAsync();
    }

    public IPEndPoint Address => (IPEndPoint)listening.LocalEndPoint!;

    public void Dispose() => listening.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = PassAsync(await listening.AcceptAsync());
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The recording is over.
        }
    }

    private async Task PassAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await server.ConnectAsync(broker);
        using var requests = new NetworkStream(client, ownsSocket: true);
        using var answers = new NetworkStream(server);
        var back = answers.CopyToAsync(requests);
        var length = new byte[4];
        while (await requests.ReadAtLeastAsync(length, 4, throwOnEndOfStream: false) == 4)
        {
            var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
            await requests.ReadExactlyAsync(frame);
            lock (frames) frames.Add(frame);
            await answers.WriteAsync(length);
            await answers.WriteAsync(frame);
        }

        server.Shutdown(SocketShutdown.Both);
        await back;
    }
}
