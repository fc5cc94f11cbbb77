using System.Diagnostics;
using Confluent.Kafka;
using Tributary.Streaming.Clients;

namespace Tributary.Streaming.Writing;

/// <summary>
/// Sends records and tells of each what became of it. Idempotent and acknowledged by all replicas; records of one key
/// arrive in the order of the calls. Safe on any thread. Senders wait while the buffer is full, in line and within a
/// bound. A gapless one never times a record out and ends with its first failed delivery, so that what it wrote is
/// always a prefix of what it was given: make a new one after reading what the last one wrote.
/// </summary>
public sealed class RecordProducer : IDisposable
{
    private readonly KafkaClients _clients;
    private readonly StreamingMetrics _metrics;
    private readonly string _name;
    private readonly bool _gapless;
    private readonly BufferGate _gate;
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IProducer<byte[]?, byte[]?>? _producer;
    private string? _failure;

    internal RecordProducer(
        KafkaClients clients, StreamingMetrics metrics, TimeProvider time, string name, bool gapless)
    {
        (_clients, _metrics, _name, _gapless) = (clients, metrics, name, gapless);
        _gate = new BufferGate(clients.Options.BufferBytesMax, time);
    }

    /// <summary>Why nothing more can be sent; null while all is well.</summary>
    public string? Failure => Volatile.Read(ref _failure);

    /// <summary>What is sent and not answered yet, in bytes.</summary>
    public long BufferedBytes => _gate.Held;

    /// <summary>
    /// Completes when each record is kept, refused or unknown. Cancelling ends the wait and not the delivery.
    /// </summary>
    /// <exception cref="ProducerFailedException">
    /// A gapless producer's delivery failed, now or before, or the producer was closed before all was answered.
    /// </exception>
    public async ValueTask<Deliveries> SendAsync(
        IReadOnlyList<OutgoingRecord> records, CancellationToken cancellationToken)
    {
        ThrowIfFailed();
        if (records.Count == 0) return new Deliveries([]);

        using var activity = TraceHeaders.Activities.StartActivity("send", ActivityKind.Producer);
        var startedAt = Stopwatch.GetTimestamp();
        var sending = new Sending(records.Count);
        for (var index = 0; index < records.Count; index++)
        {
            var bytes = records[index].BufferBytes;
            if (!await RoomForAsync(bytes, cancellationToken))
            {
                sending.RefuseFrom(index, NoRoom);
                break;
            }
            Produce(records[index], index, bytes, sending);
        }
        // A producer that has ended may never answer for what it held.
        await Task.WhenAny(sending.Completed, _ended.Task).WaitAsync(cancellationToken);
        if (!sending.Completed.IsCompleted) ThrowIfFailed();
        var deliveries = await sending.Completed;

        _metrics.RecordsSent(_name, deliveries.Each, Stopwatch.GetElapsedTime(startedAt));
        if (_gapless) ThrowIfFailed();
        return deliveries;
    }

    public void Dispose()
    {
        IProducer<byte[]?, byte[]?>? producer;
        lock (_lock)
        {
            (producer, _producer) = (_producer, null);
            _failure ??= "the producer is closed";
        }
        // A failed gapless producer must not send what it still holds: it would leave a gap behind it.
        if (!_gapless) producer?.Flush(TimeSpan.FromSeconds(5));
        producer?.Dispose();
        _ended.TrySetResult();
    }

    private const string NoRoom = "there was no room in the producer's buffer in time";

    private async ValueTask<bool> RoomForAsync(int bytes, CancellationToken cancellationToken)
    {
        var room = false;
        try
        {
            room = await _gate.EnterAsync(bytes, _clients.Options.BufferWaitMax, cancellationToken);
            return room;
        }
        finally
        {
            // Whatever came after a record that was left out would be a gap.
            if (!room && _gapless) Fail("a call was given up before all of it was sent");
        }
    }

    private void Produce(OutgoingRecord record, int index, int bytes, Sending sending)
    {
        var message = new Message<byte[]?, byte[]?>
        {
            Key = record.Key,
            Value = record.Value,
            Headers = HeadersOf(record),
            Timestamp = record.Time is { } time ? new Timestamp(time) : Timestamp.Default,
        };
        var place = new TopicPartition(
            _clients.Options.NameOf(record.Topic), record.Partition is { } fixedTo ? fixedTo : Partition.Any);
        try
        {
            Current().Produce(place, message, report =>
            {
                Answer(report.Error, report.Status, report.Partition, report.Offset, index, sending);
                _gate.Leave(bytes);
            });
        }
        catch (ProduceException<byte[]?, byte[]?> exception)
        {
            Answer(exception.Error, PersistenceStatus.NotPersisted, default, default, index, sending);
            _gate.Leave(bytes);
        }
        catch
        {
            _gate.Leave(bytes);
            throw;
        }
    }

    private void Answer(
        Error error, PersistenceStatus status, Partition partition, Offset offset, int index, Sending sending)
    {
        if (error.IsError && _gapless) Fail(error.Reason);
        sending.Answer(index, DeliveryOf(error, status, partition, offset));
    }

    internal static Delivery DeliveryOf(Error error, PersistenceStatus status, Partition partition, Offset offset) =>
        (error.IsError, status) switch
        {
            (false, _) => new Delivery.Kept(partition.Value, offset.Value),
            (true, PersistenceStatus.NotPersisted) => new Delivery.Refused(error.Reason, IsLasting(error.Code)),
            _ => new Delivery.Unknown(error.Reason), // Persisted with an error is not trusted either.
        };

    private static bool IsLasting(ErrorCode code) => code is
        ErrorCode.MsgSizeTooLarge or ErrorCode.RecordListTooLarge or ErrorCode.InvalidMsg or ErrorCode.InvalidMsgSize
        or ErrorCode.InvalidRecord or ErrorCode.TopicException or ErrorCode.InvalidTimestamp
        or ErrorCode.PolicyViolation or ErrorCode.TopicAuthorizationFailed or ErrorCode.Local_UnknownPartition;

    /// <summary>An idempotent producer that lost its place can't go on; what is not gapless gets a new one.</summary>
    internal IProducer<byte[]?, byte[]?> Current()
    {
        lock (_lock)
        {
            ThrowIfFailed();
            if (_producer is not null) return _producer;
            IProducer<byte[]?, byte[]?>? made = null;
            return _producer = made = _clients.Producer(_name, _gapless, error => Broken(made, error));
        }
    }

    internal void Broken(IProducer<byte[]?, byte[]?>? broken, Error error)
    {
        if (_gapless)
        {
            Fail(error.Reason);
            return;
        }
        lock (_lock)
        {
            if (broken is null || broken != _producer) return; // It says so again, or is closed already.
            _producer = null;
        }
        _ = Task.Run(() => // Not here: this is its own thread.
        {
            // Closed before it has answered for what it holds, it never would.
            broken.Flush(_clients.Options.DeliveryTimeMax + TimeSpan.FromSeconds(5));
            broken.Dispose();
        });
    }

    private void Fail(string reason)
    {
        Interlocked.CompareExchange(ref _failure, reason, null);
        _ended.TrySetResult();
    }

    private void ThrowIfFailed()
    {
        if (Failure is { } failure) throw new ProducerFailedException(_name, failure);
    }

    private static Headers? HeadersOf(OutgoingRecord record)
    {
        if (record.Headers.Count == 0 && Activity.Current is null) return null;
        List<RecordHeader> all = [.. record.Headers];
        TraceHeaders.Add(Activity.Current, all);
        var headers = new Headers();
        foreach (var header in all) headers.Add(header.Name, header.Value.ToArray());
        return headers;
    }

    /// <summary>One call on its way: complete when the last of its records is answered.</summary>
    private sealed class Sending(int count)
    {
        private readonly Delivery[] _each = new Delivery[count];
        private readonly TaskCompletionSource<Deliveries> _completion =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _pending = count;

        public Task<Deliveries> Completed => _completion.Task;

        public void Answer(int index, Delivery delivery)
        {
            _each[index] = delivery;
            if (Interlocked.Decrement(ref _pending) == 0) _completion.SetResult(new Deliveries(_each));
        }

        public void RefuseFrom(int index, string reason)
        {
            for (; index < _each.Length; index++) Answer(index, new Delivery.Refused(reason, Lasting: false));
        }
    }
}

/// <summary>Nothing more can be sent by this producer.</summary>
public sealed class ProducerFailedException(string producer, string reason)
    : Exception($"producer {producer} has ended: {reason}");
