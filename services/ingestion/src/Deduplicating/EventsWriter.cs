using Tributary.Streaming.Writing;

namespace Tributary.Ingestion.Deduplicating;

/// <summary>
/// The producer of <c>events.v1</c>: what it wrote of a partition is always a prefix of what it was given. One that
/// failed is ended, and the next call gets a new one; until then whoever wrote finds its place anew. Any thread.
/// </summary>
internal sealed class EventsWriter(Producers producers) : IDisposable
{
    private readonly Lock _lock = new();
    private RecordProducer? _producer;

    /// <summary>Returns when all of it is acknowledged.</summary>
    /// <exception cref="ProducerFailedException">Some of it may be written.</exception>
    public async Task WriteAsync(IReadOnlyList<OutgoingRecord> records, CancellationToken cancellationToken)
    {
        var producer = Current();
        (await producer.SendAsync(records, cancellationToken)).EnsureKept();
    }

    public void Dispose()
    {
        lock (_lock) _producer?.Dispose();
    }

    private RecordProducer Current()
    {
        lock (_lock)
        {
            if (_producer is { Failure: null }) return _producer;
            _producer?.Dispose();
            return _producer = producers.Gapless("deduplicator");
        }
    }
}
