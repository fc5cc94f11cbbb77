using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Tributary.EmbeddedKafka.Wire;

namespace Tributary.EmbeddedKafka.Network;

/// <summary>
/// One client's connection: its requests are answered one after the other, in order. A request that does not follow the
/// protocol ends this connection and nothing else.
/// </summary>
internal sealed partial class Connection(Socket socket, Dispatcher dispatcher, ConnectionLimits limits, ILogger logger)
    : IDisposable
{
    private const int BufferBytes = 16 * 1024;
    private const int SmallFrameMax = 64 * 1024;
    private const int LengthBytes = 4;

    private readonly Outbox outbox = new(socket);
    private readonly RequestContext context = new(socket.RemoteEndPoint);
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private int start;
    private int end;
    private long borrowed;
    private CancellationTokenSource? hurry;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        context.Cancelled = cancellationToken;
        try
        {
            while (await ReadFrameAsync(cancellationToken) is { } frame)
            {
                await AnswerAsync(frame, cancellationToken);
                Consume(LengthBytes + frame.Length);
                if (outbox.IsLarge) await outbox.FlushAsync(cancellationToken); // Who does not read is not read from.
            }
        }
        catch (MalformedException malformed)
        {
            ClosedAsMalformed(context.Peer, malformed.Message);
        }
        catch (UnsupportedException unsupported)
        {
            ClosedAsUnsupported(context.Peer, unsupported.Message);
        }
        catch (Exception gone) when (gone is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            Gone(context.Peer, gone.Message);
        }
        catch (Exception bug)
        {
            ClosedByFault(context.Peer, bug);
        }
    }

    public void Dispose()
    {
        if (borrowed > 0) limits.Budget.Return(borrowed);
        hurry?.Dispose();
        ArrayPool<byte>.Shared.Return(buffer);
        outbox.Dispose();
        socket.Dispose();
    }

    private async ValueTask AnswerAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        var answering = dispatcher.Begin(frame, context);
        var response = answering.Response;
        if (!response.IsCompleted) await outbox.FlushAsync(cancellationToken); // Earlier answers do not wait for this.
        answering.Write(outbox.Writer, await response);
    }

    /// <summary>The next whole frame, or null where the peer has ended the connection.</summary>
    private async ValueTask<ReadOnlyMemory<byte>?> ReadFrameAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var wanted = LengthBytes;
            if (end - start >= LengthBytes)
            {
                var length = BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(start));
                if (length < 0 || length > limits.RequestBytesMax)
                    throw new MalformedException(
                        $"a request of {length} bytes where {limits.RequestBytesMax} are allowed");
                if (end - start - LengthBytes >= length) return buffer.AsMemory(start + LengthBytes, length);
                wanted += length;
            }

            await outbox.FlushAsync(cancellationToken);
            await MakeRoomAsync(wanted);
            var received = await ReceiveAsync(cancellationToken);
            if (received == 0) return null;
            end += received;
        }
    }

    private async ValueTask<int> ReceiveAsync(CancellationToken cancellationToken)
    {
        var room = buffer.AsMemory(end);
        if (hurry is null) return await socket.ReceiveAsync(room, cancellationToken);
        using var stop = cancellationToken.UnsafeRegister(
            static hurry => ((CancellationTokenSource)hurry!).Cancel(), hurry);
        try
        {
            return await socket.ReceiveAsync(room, hurry.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MalformedException(
                $"a large request had not arrived {limits.RequestArrivesWithin} after its start");
        }
    }

    private async ValueTask MakeRoomAsync(int frame)
    {
        if (buffer.Length - start >= frame && end < buffer.Length) return;
        if (buffer.Length < frame)
        {
            if (frame > SmallFrameMax && borrowed == 0)
            {
                await limits.Budget.TakeAsync(frame);
                borrowed = frame;
                // Others wait for these bytes.
                hurry = new CancellationTokenSource(limits.RequestArrivesWithin, limits.Time);
            }

            Move(ArrayPool<byte>.Shared.Rent(frame));
            return;
        }

        buffer.AsSpan(start, end - start).CopyTo(buffer);
        (start, end) = (0, end - start);
    }

    private void Move(byte[] other)
    {
        buffer.AsSpan(start, end - start).CopyTo(other);
        ArrayPool<byte>.Shared.Return(buffer);
        (buffer, start, end) = (other, 0, end - start);
    }

    private void Consume(int bytes)
    {
        start += bytes;
        if (start == end) start = end = 0;
        if (borrowed == 0) return;
        limits.Budget.Return(borrowed);
        borrowed = 0;
        hurry?.Dispose();
        hurry = null;
        if (end - start <= BufferBytes) Move(ArrayPool<byte>.Shared.Rent(BufferBytes));
    }

    [LoggerMessage(LogLevel.Warning, "The connection from {Peer} was closed: it sent a malformed request: {Reason}")]
    private partial void ClosedAsMalformed(string peer, string reason);

    [LoggerMessage(LogLevel.Warning, "The connection from {Peer} was closed: {Reason}")]
    private partial void ClosedAsUnsupported(string peer, string reason);

    [LoggerMessage(LogLevel.Debug, "The connection from {Peer} ended: {Reason}")]
    private partial void Gone(string peer, string reason);

    [LoggerMessage(LogLevel.Error, "The connection from {Peer} was closed: a request could not be answered")]
    private partial void ClosedByFault(string peer, Exception exception);
}

/// <summary>What all connections share.</summary>
internal sealed record ConnectionLimits(
    int RequestBytesMax, TimeSpan RequestArrivesWithin, ByteBudget Budget, TimeProvider Time);
