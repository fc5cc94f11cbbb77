using System.Buffers;
using System.Net.Sockets;
using Tributary.EmbeddedKafka.Wire;

namespace Tributary.EmbeddedKafka.Network;

/// <summary>
/// Sends what a connection's writer holds. Few records are read into one buffer and sent in one call; many are sent by
/// the system from their file to the socket without a copy here.
/// </summary>
internal sealed class Outbox(Socket socket) : IDisposable
{
    private const int InlineBytesMax = 64 * 1024;
    private const int LargeBytes = 64 * 1024;
    private const int ManySplices = 16;

    private readonly List<SendPacketsElement> elements = [];
    private PacketSender? packets;

    public WireWriter Writer { get; } = new();

    public bool IsEmpty => Writer.Written.Length == 0;

    /// <summary>Whether as much waits to be sent as shall wait at once.</summary>
    public bool IsLarge => Writer.Written.Length >= LargeBytes || Writer.Splices.Count >= ManySplices;

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (IsEmpty) return;
        var spliced = 0L;
        foreach (var (_, records) in Writer.Splices) spliced += records.Length;

        if (spliced == 0) await SendAsync(Writer.Written, cancellationToken);
        else if (spliced <= InlineBytesMax) await SendInlineAsync((int)spliced, cancellationToken);
        else await SendFromFilesAsync();
        Writer.Clear();
    }

    public void Dispose()
    {
        Writer.Dispose();
        packets?.Dispose();
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0) bytes = bytes[await socket.SendAsync(bytes, cancellationToken)..];
    }

    private async ValueTask SendInlineAsync(int spliced, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Writer.Written.Length + spliced);
        try
        {
            await SendAsync(buffer.AsMemory(0, Assemble(buffer)), cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private int Assemble(byte[] buffer)
    {
        var written = Writer.Written.Span;
        var (from, to) = (0, 0);
        foreach (var (at, records) in Writer.Splices)
        {
            written[from..at].CopyTo(buffer.AsSpan(to));
            to += at - from;
            from = at;
            var read = records.Segment.Read(buffer.AsSpan(to, records.Length), records.Position);
            if (read < records.Length) throw new IOException($"{records.Segment.Path} is shorter than its index says");
            to += records.Length;
        }

        written[from..].CopyTo(buffer.AsSpan(to));
        return to + written.Length - from;
    }

    private async ValueTask SendFromFilesAsync()
    {
        var from = 0;
        foreach (var (at, records) in Writer.Splices)
        {
            if (at > from) elements.Add(new SendPacketsElement(Writer.Written[from..at]));
            from = at;
            elements.Add(new SendPacketsElement(records.Segment.Stream, records.Position, records.Length));
        }

        if (from < Writer.Written.Length) elements.Add(new SendPacketsElement(Writer.Written[from..]));
        packets ??= new PacketSender();
        await packets.SendAsync(socket, [.. elements]);
        elements.Clear();
    }

    /// <summary>The one asynchronous operation of sockets that has no method returning a task.</summary>
    private sealed class PacketSender : SocketAsyncEventArgs
    {
        private TaskCompletionSource sent = new();

        public async ValueTask SendAsync(Socket socket, SendPacketsElement[] elements)
        {
            SendPacketsElements = elements;
            sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (socket.SendPacketsAsync(this)) await sent.Task;
            SendPacketsElements = null;
            if (SocketError != SocketError.Success) throw new SocketException((int)SocketError);
        }

        protected override void OnCompleted(SocketAsyncEventArgs e) => sent.SetResult();
    }
}
