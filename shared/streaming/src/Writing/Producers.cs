using Google.Protobuf;
using Tributary.Contracts;
using Tributary.Streaming.Clients;

namespace Tributary.Streaming.Writing;

/// <summary>Makes producers. The shared one is enough for all but those whose writing must be a prefix.</summary>
public sealed class Producers : IDisposable
{
    private readonly KafkaClients _clients;
    private readonly StreamingMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly Lazy<RecordProducer> _shared;

    internal Producers(KafkaClients clients, StreamingMetrics metrics, TimeProvider time)
    {
        (_clients, _metrics, _time) = (clients, metrics, time);
        _shared = new(() => new RecordProducer(clients, metrics, time, "shared", gapless: false));
    }

    /// <summary>One for the process; not the caller's to dispose.</summary>
    public RecordProducer Shared => _shared.Value;

    /// <inheritdoc cref="EventProducer{TEvent}"/>
    public EventProducer<TEvent> For<TEvent>(Topic<TEvent> topic) where TEvent : IMessage<TEvent> =>
        new(Shared, topic);

    /// <summary>One whose records are always a prefix of what it was given; the caller's to dispose.</summary>
    public RecordProducer Gapless(string name) => new(_clients, _metrics, _time, name, gapless: true);

    /// <summary>One for records of a topic that are bytes already; the caller's to dispose.</summary>
    public ByteProducer Bytes(Topic topic, ByteProducerOptions options) =>
        new(_clients, _metrics, topic.Name, options);

    public void Dispose()
    {
        if (_shared.IsValueCreated) _shared.Value.Dispose();
    }
}
