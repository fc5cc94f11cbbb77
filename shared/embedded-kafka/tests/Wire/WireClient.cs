using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using Tributary.EmbeddedKafka.Wire;

namespace Tributary.EmbeddedKafka.Tests.Wire;

/// <summary>A connection that speaks the protocol by hand: for what no proper client would send.</summary>
internal sealed class WireClient : IAsyncDisposable
{
    private readonly TcpClient tcp = new();
    private int correlation;

    public static async Task<WireClient> ConnectAsync(string address)
    {
        var client = new WireClient();
        var colon = address.LastIndexOf(':');
        await client.tcp.ConnectAsync(
            address[..colon], int.Parse(address[(colon + 1)..], CultureInfo.InvariantCulture));
        client.tcp.NoDelay = true;
        return client;
    }

    public async Task<TResponse> AskAsync<TRequest, TResponse>(ApiKey key, short version, TRequest request)
        where TRequest : IRequest<TRequest>
        where TResponse : IResponse<TResponse>
    {
        var flexible = version >= OfferedApis.All.Single(api => api.Key == key).Flexible;
        await SendAsync(Frame((short)key, version, flexible, writer => request.Write(writer, version)));
        var frame = await ReceiveAsync() ?? throw new IOException("the broker closed the connection");
        var reader = new WireReader().Begin(frame);
        Assert.That(reader.Int32(), Is.EqualTo(correlation), "the answer belongs to the request");
        if (flexible && key != ApiKey.ApiVersions) reader.SkipTags();
        var response = TResponse.Read(reader, version);
        Assert.That(reader.Left, Is.Zero, "the answer is read to its end");
        return response;
    }

    public byte[] Frame(short key, short version, bool flexible, Action<WireWriter> body)
    {
        using var writer = new WireWriter();
        writer.BeginFrame();
        writer.Int16(key);
        writer.Int16(version);
        writer.Int32(++correlation);
        writer.String("wire", flexible: false);
        if (flexible) writer.NoTags();
        body(writer);
        writer.EndFrame();
        return writer.Written.ToArray();
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await tcp.GetStream().WriteAsync(bytes);

    /// <summary>The next frame without its length; null where the broker closed the connection.</summary>
    public async Task<byte[]?> ReceiveAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            var length = new byte[4];
            if (await tcp.GetStream()
                .ReadAtLeastAsync(length, 4, throwOnEndOfStream: false, patience.Token) < 4) return null;
            var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
            await tcp.GetStream().ReadExactlyAsync(frame, patience.Token);
            return frame;
        }
        catch (IOException)
        {
            return null;
        }
    }

    public ValueTask DisposeAsync()
    {
        tcp.Dispose();
        return ValueTask.CompletedTask;
    }
}
