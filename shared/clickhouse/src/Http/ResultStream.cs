using System.Text;
using Tributary.ClickHouse.Compression;

namespace Tributary.ClickHouse.Http;

/// <summary>
/// A result's bytes up to its end, or up to the error that the server wrote into it: then reading throws that error and
/// never passes its text off as data.
/// </summary>
internal sealed class ResultStream(Stream source, string tag) : OneWayStream
{
    private readonly byte[] marker = Encoding.ASCII.GetBytes($"\r\n__exception__\r\n{tag}\r\n");
    private readonly byte[] buffer = new byte[256 * 1024];
    private int at;
    private int filled;
    private bool ended;

    public override bool CanRead => true;

    public override async ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancellationToken = default)
    {
        // What could be the beginning of a marker is held back until more has come.
        while (!ended && filled - at < marker.Length) await FillAsync(cancellationToken);

        var ready = buffer.AsSpan(at, filled - at);
        var found = tag.Length == 0 ? -1 : ready.IndexOf(marker);
        if (found == 0) throw await ErrorAsync(cancellationToken);

        var most = found > 0 ? found : ended ? ready.Length : ready.Length - marker.Length + 1;
        var count = Math.Min(target.Length, most);
        ready[..count].CopyTo(target.Span);
        at += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) source.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        buffer.AsSpan(at, filled - at).CopyTo(buffer);
        (at, filled) = (0, filled - at);
        try
        {
            var read = await source.ReadAsync(buffer.AsMemory(filled), cancellationToken);
            filled += read;
            ended = read == 0;
        }
        catch (Exception exception) when (exception is HttpIOException or HttpRequestException or EndOfStreamException)
        {
            if (buffer.AsSpan(at, filled - at).IndexOf("__exception__"u8) < 0) throw Broken(exception);
            ended = true; // The server cuts the connection behind its error.
        }
    }

    private async Task<ClickHouseException> ErrorAsync(CancellationToken cancellationToken)
    {
        while (!ended && filled < buffer.Length) await FillAsync(cancellationToken);
        var text = Encoding.UTF8.GetString(buffer, at + marker.Length, filled - at - marker.Length);
        var end = text.LastIndexOf('\n', Math.Max(0, text.LastIndexOf($" {tag}", StringComparison.Ordinal)));
        return ClickHouseException.From(end > 0 ? text[..end] : text, "");
    }

    private static ClickHouseException Broken(Exception exception) =>
        new("The result broke off.", code: 0, "NO_ANSWER", exception);
}
