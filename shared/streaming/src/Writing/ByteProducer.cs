using System.Collections.Concurrent;
using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Tributary.Contracts;
using Tributary.Streaming.Clients;
using Tributary.Streaming.Writing.Native;

namespace Tributary.Streaming.Writing;

/// <summary>Where a record lies in a buffer: its key, and its value right behind it.</summary>
public readonly record struct RecordPlace(int Start, int KeyLength, int ValueLength);

/// <summary>
/// Sends records of one topic that are bytes already, many a call, and allocates nothing for one. Idempotent and
/// acknowledged by all replicas; records of one key arrive in the order of the calls. It never waits for room: what
/// does not fit is refused. Safe on any thread.
/// </summary>
public sealed class ByteProducer : IDisposable
{
    private const int Bookkeeping = 256; // What librdkafka keeps beside a record.

    private readonly KafkaClients _clients;
    private readonly StreamingMetrics _metrics;
    private readonly string _topic;
    private readonly ByteProducerOptions _options;
    private readonly ConcurrentQueue<ByteSending> _idle = [];
    private readonly Lock _lock = new();
    private volatile ByteClient? _client;
    private bool _isDisposed;
    private long _held;
    private long _answeredAt;

    internal ByteProducer(KafkaClients clients, StreamingMetrics metrics, string topic, ByteProducerOptions options)
    {
        (_clients, _metrics, _topic, _options) = (clients, metrics, topic, options);
    }

    /// <summary>What is sent and not answered yet, in bytes.</summary>
    public long BufferedBytes => Interlocked.Read(ref _held);

    /// <summary>When the last answer came, by <see cref="Stopwatch"/>; 0 for never.</summary>
    public long AnsweredAt => Volatile.Read(ref _answeredAt);

    /// <summary>Connects and asks where the topic is, so that the first record need not wait for it.</summary>
    public bool WarmUp(TimeSpan waitMax) => Current()?.WarmUp(waitMax) ?? false;

    /// <summary>
    /// False when there is no room: then nothing was handed over. Otherwise <paramref name="answered"/> completes when
    /// each record is answered: null when all are kept, otherwise the worst of them. The buffer and the places are the
    /// caller's again when this returns.
    /// </summary>
    public unsafe bool TrySend(
        ReadOnlySpan<byte> buffer, ReadOnlySpan<RecordPlace> places, out ValueTask<Delivery?> answered)
    {
        answered = default;
        if (places.IsEmpty) return true;
        var bytes = 0L;
        foreach (var place in places) bytes += place.KeyLength + place.ValueLength + Bookkeeping;
        if (Interlocked.Add(ref _held, bytes) > _options.BufferBytesMax)
        {
            Interlocked.Add(ref _held, -bytes);
            return false;
        }
        if (!_idle.TryDequeue(out var sending)) sending = new ByteSending(this);
        sending.Begin(places.Length, bytes, Stopwatch.GetTimestamp());
        answered = sending.Completion;
        fixed (byte* start = buffer)
        {
            Span<NativeMessage> messages = stackalloc NativeMessage[Math.Min(places.Length, MessagesAtOnce)];
            for (var index = 0; index < places.Length; index += messages.Length)
            {
                messages = messages[..Math.Min(messages.Length, places.Length - index)];
                Describe(places.Slice(index, messages.Length), start, sending.Opaque, messages);
                HandOver(messages, sending);
            }
        }
        return true;
    }

    public void Dispose()
    {
        ByteClient? client;
        lock (_lock)
        {
            (client, _client, _isDisposed) = (_client, null, true);
        }
        client?.End();
        client?.Thread.Join();
    }

    private const int MessagesAtOnce = 128;

    private static unsafe void Describe(
        ReadOnlySpan<RecordPlace> places, byte* buffer, nint opaque, Span<NativeMessage> messages)
    {
        for (var index = 0; index < places.Length; index++)
        {
            var place = places[index];
            messages[index] = new NativeMessage
            {
                Key = (nint)(buffer + place.Start),
                KeyLength = (nuint)place.KeyLength,
                Payload = (nint)(buffer + place.Start + place.KeyLength),
                PayloadLength = (nuint)place.ValueLength,
                Opaque = opaque,
            };
        }
    }

    /// <summary>Before those who wait go on.</summary>
    internal void Ended(ByteSending sending, Delivery? worst)
    {
        Interlocked.Add(ref _held, -sending.Bytes);
        var now = Stopwatch.GetTimestamp();
        if (worst is null) Volatile.Write(ref _answeredAt, now);
        _metrics.RecordsSent(_options.Name, sending.Records, worst, Stopwatch.GetElapsedTime(sending.StartedAt, now));
    }

    /// <summary>Nobody waits for it any more.</summary>
    internal void Take(ByteSending sending) => _idle.Enqueue(sending);

    private void HandOver(Span<NativeMessage> messages, ByteSending sending)
    {
        while (Current() is { } client)
        {
            if (client.TrySend(messages)) return;
        }
        sending.Answer(messages.Length, new Error(ErrorCode.Local_Destroy), PersistenceStatus.NotPersisted);
    }

    private ByteClient? Current()
    {
        if (_client is { } client) return client;
        lock (_lock)
        {
            if (_isDisposed) return null;
            return _client ??= new ByteClient(
                _clients.ByteProducerSettings(_options), _clients.Options.NameOf(_topic), Reported, _clients.Log);
        }
    }

    /// <summary>An idempotent producer that lost its place can't go on; a new one takes over.</summary>
    private void Reported(ByteClient client, Error error)
    {
        _clients.ClientReported(_options.Name, error);
        if (!error.IsFatal) return;
        lock (_lock)
        {
            if (_client == client) _client = null;
        }
        client.End();
    }
}

/// <summary>How a <see cref="ByteProducer"/> weighs time against company, and what it holds.</summary>
public sealed record ByteProducerOptions(string Name)
{
    /// <summary>What is sent and not answered; more is refused.</summary>
    public int BufferBytesMax { get; init; } = 32 << 20;

    /// <summary>Without an answer for so long, a record is refused or, where it may be written, unknown.</summary>
    public TimeSpan DeliveryTimeMax { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a record waits for company.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.Zero;

    /// <summary>
    /// Batches on their way to a broker at one time. While they are, others fill: with few, waiting for company follows
    /// the load by itself.
    /// </summary>
    public int BatchesInFlightMax { get; init; } = 2;
}
