using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;
using Confluent.Kafka;

namespace Tributary.Streaming.Writing.Native;

/// <summary>
/// One call on its way: complete when the last of its records is answered. Used again and again, so that sending
/// allocates nothing; librdkafka carries its handle with each record.
/// </summary>
internal sealed class ByteSending : IValueTaskSource<Delivery?>
{
    private readonly ByteProducer _producer;
    private readonly Lock _lock = new();
    private readonly GCHandle _handle;
    private ManualResetValueTaskSourceCore<Delivery?> _core;
    private Delivery? _worst;
    private int _pending;

    public ByteSending(ByteProducer producer)
    {
        _producer = producer;
        _handle = GCHandle.Alloc(this);
        _core.RunContinuationsAsynchronously = true;
    }

    public nint Opaque => GCHandle.ToIntPtr(_handle);

    public int Records { get; private set; }

    public long Bytes { get; private set; }

    public long StartedAt { get; private set; }

    public ValueTask<Delivery?> Completion => new(this, _core.Version);

    public static ByteSending Of(nint opaque) => (ByteSending)GCHandle.FromIntPtr(opaque).Target!;

    public void Begin(int records, long bytes, long startedAt)
    {
        _core.Reset();
        (_worst, _pending, Records, Bytes, StartedAt) = (null, records, records, bytes, startedAt);
    }

    public void Answer(int count, Error error, PersistenceStatus status)
    {
        if (error.IsError) Worsen(RecordProducer.DeliveryOf(error, status, default, default));
        if (Interlocked.Add(ref _pending, -count) != 0) return;
        var worst = _worst;
        _producer.Ended(this, worst);
        _core.SetResult(worst);
    }

    public Delivery? GetResult(short token)
    {
        var result = _core.GetResult(token);
        _producer.Take(this);
        return result;
    }

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    /// <summary>What may be in the log outweighs what is not; what never will be, what may be later.</summary>
    private void Worsen(Delivery delivery)
    {
        lock (_lock)
        {
            if (_worst is null or Delivery.Refused { Lasting: false }
                || (delivery is Delivery.Unknown && _worst is Delivery.Refused))
                _worst = delivery;
        }
    }
}
