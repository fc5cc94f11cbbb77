using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Connections;

namespace Tributary.EmbeddedClickHouse.Http;

/// <summary>
/// Stands between a connection and the web server for the two things that HTTP servers do not do and ClickHouse does: a
/// head that grows while the query runs, and a body that does not end. Used by one request at a time.
/// </summary>
internal sealed class OutputGate(PipeWriter inner) : PipeWriter
{
    private bool closed;
    private bool headBegun;
    private byte[]? scratch;
    private int taken;

    /// <summary>Puts a gate into each connection of a listener.</summary>
    public static ConnectionDelegate Into(ConnectionDelegate next) => connection =>
    {
        var gate = new OutputGate(connection.Transport.Output);
        connection.Transport = new Duplex(connection.Transport.Input, gate);
        connection.Features.Set(gate);
        return next(connection);
    };

    /// <summary>From now on nothing goes out.</summary>
    public void Close() => closed = true;

    /// <summary>Sends lines of a head at once, and leaves out the status line that the server sends later.</summary>
    public async Task WriteHeadLinesAsync(string lines, CancellationToken cancellationToken)
    {
        if (!headBegun) await inner.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray(), cancellationToken);
        headBegun = true;
        await inner.WriteAsync(Encoding.ASCII.GetBytes(lines), cancellationToken);
    }

    public override void Advance(int bytes)
    {
        if (scratch is null)
        {
            inner.Advance(bytes);
            return;
        }

        // The server may advance more than once over the same memory.
        var content = scratch.AsSpan(taken, bytes);
        taken += bytes;
        if (closed) return;
        if (headBegun && content.IndexOf("\r\n"u8) is >= 0 and var lineEnd)
        {
            headBegun = false;
            content = content[(lineEnd + 2)..];
        }

        content.CopyTo(inner.GetSpan(content.Length));
        inner.Advance(content.Length);
    }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        taken = 0;
        scratch = closed || headBegun ? new byte[Math.Max(sizeHint, 4096)] : null;
        return scratch ?? inner.GetMemory(sizeHint);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
        inner.FlushAsync(cancellationToken);

    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => inner.UnflushedBytes;

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
