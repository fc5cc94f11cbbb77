using System.Buffers;
using System.IO.Compression;
using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Tributary.Ingestion.Receiving.Parsing;

namespace Tributary.Ingestion.Receiving;

/// <summary>
/// A request's body as it is to be read: whole, inflated, in one pooled piece. Its limit holds while it is read and
/// while it is inflated, so that what is too large is never held.
/// </summary>
internal sealed class RequestBody(ReceivingOptions options, BodyRoom room, TimeProvider time) : IDisposable
{
    private const int FirstRead = 4 << 10;
    private readonly int _bytesMax = options.BodyBytesMax;
    private byte[] _bytes = [];
    private int _length;
    private long _held;

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, _length);

    /// <summary>Null when the whole body is there.</summary>
    public async ValueTask<BodyFault?> ReadAsync(HttpRequest request)
    {
        LetTheServerReadOn(request);
        if (request.ContentLength is { } said && !Reserve(said, out var fault)) return fault;
        CancellationTokenSource? deadline = null; // Mostly all of it is there already.
        try
        {
            while (true)
            {
                if (!request.BodyReader.TryRead(out var read))
                {
                    deadline ??= new CancellationTokenSource(options.BodyTimeMax, time);
                    read = await request.BodyReader.ReadAsync(deadline.Token);
                }
                var isAppended = Append(read.Buffer, out fault);
                request.BodyReader.AdvanceTo(read.Buffer.End);
                if (!isAppended) return fault;
                if (read.IsCompleted) break;
            }
        }
        catch (Exception exception) when (exception is BadHttpRequestException or OperationCanceledException)
        {
            return exception is BadHttpRequestException { StatusCode: (int)HttpStatusCode.RequestEntityTooLarge }
                ? new BodyFault.Refused(Refusal.TooLarge)
                : BodyFault.TooSlow;
        }
        finally
        {
            deadline?.Dispose();
        }
        return request.Headers.ContentEncoding is ["gzip"] ? Inflate() : null;
    }

    public void Dispose()
    {
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        room.Leave(_held);
        _held = 0;
    }

    /// <summary>
    /// What is too large is refused here, and the rest of it read and thrown away for a while by the server: one that
    /// hung up instead would be tried again for ever by senders, who do not see its 413.
    /// </summary>
    private void LetTheServerReadOn(HttpRequest request)
    {
        if (request.ContentLength <= _bytesMax) return;
        var limit = request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>();
        if (limit is { IsReadOnly: false }) limit.MaxRequestBodySize = null;
    }

    private BodyFault? Inflate()
    {
        if (Span is not [0x1f, 0x8b, ..]) return null; // Someone on the way inflated it and left the header.
        var (deflated, length) = (_bytes, _length);
        (_bytes, _length) = ([], 0);
        try
        {
            using var source = new MemoryStream(deflated, 0, length, writable: false);
            using var inflated = new GZipStream(source, CompressionMode.Decompress);
            while (true)
            {
                // One byte more than is allowed shows that there is more.
                if (!Grow(Math.Min(Math.Max(FirstRead, _length), _bytesMax + 1 - _length), out var fault)) return fault;
                var read = inflated.Read(_bytes.AsSpan(_length, Math.Min(_bytes.Length, _bytesMax + 1) - _length));
                if (read == 0) return null;
                _length += read;
                if (_length > _bytesMax) return new BodyFault.Refused(Refusal.TooLarge);
            }
        }
        catch (InvalidDataException)
        {
            return new BodyFault.Refused(Refusal.NotGzip);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(deflated);
        }
    }

    private bool Append(ReadOnlySequence<byte> more, out BodyFault? fault)
    {
        if (_length + more.Length > _bytesMax) fault = new BodyFault.Refused(Refusal.TooLarge);
        else Grow(more.Length, out fault);
        if (fault is not null) return false;
        more.CopyTo(_bytes.AsSpan(_length));
        _length += (int)more.Length;
        return true;
    }

    private bool Grow(long more, out BodyFault? fault)
    {
        fault = null;
        if (_bytes.Length - _length >= more) return true;
        if (!Reserve(_length + more, out fault)) return false;
        var larger = ArrayPool<byte>.Shared.Rent((int)(_length + more));
        Span.CopyTo(larger);
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
        return true;
    }

    /// <summary>Room for so many bytes in all.</summary>
    private bool Reserve(long bytes, out BodyFault? fault)
    {
        fault = bytes > _bytesMax + 1 ? new BodyFault.Refused(Refusal.TooLarge)
            : bytes > _held && !room.TryEnter(bytes - _held) ? BodyFault.NoRoom
            : null;
        if (fault is null) _held = Math.Max(_held, bytes);
        return fault is null;
    }
}

/// <summary>Why a body is not there.</summary>
internal abstract record BodyFault
{
    private BodyFault() { }

    public static readonly BodyFault TooSlow = new Slow();
    public static readonly BodyFault NoRoom = new Full();

    public sealed record Refused(Refusal Refusal) : BodyFault;

    /// <summary>It dripped, or its sender went away.</summary>
    public sealed record Slow : BodyFault;

    /// <summary>Too many others are held.</summary>
    public sealed record Full : BodyFault;
}

/// <summary>Room for the bodies of all requests together.</summary>
internal sealed class BodyRoom(long bytesMax)
{
    private long _held;

    public long Held => Interlocked.Read(ref _held);

    public bool TryEnter(long bytes)
    {
        if (Interlocked.Add(ref _held, bytes) <= bytesMax) return true;
        Interlocked.Add(ref _held, -bytes);
        return false;
    }

    public void Leave(long bytes) => Interlocked.Add(ref _held, -bytes);
}
