using System.Text;
using Google.Protobuf;
using Tributary.Contracts;

namespace Tributary.Streaming.Writing;

/// <summary>Sends the events of one topic, keyed as the topic declares.</summary>
public sealed class EventProducer<TEvent>(RecordProducer producer, Topic<TEvent> topic)
    where TEvent : IMessage<TEvent>
{
    /// <inheritdoc cref="RecordProducer.SendAsync"/>
    public ValueTask<Deliveries> SendAsync(IReadOnlyList<TEvent> events, CancellationToken cancellationToken) =>
        producer.SendAsync([.. events.Select(RecordOf)], cancellationToken);

    /// <summary>As above, each event with the place that it comes from, by which readers skip repeats.</summary>
    public ValueTask<Deliveries> SendAsync(
        IReadOnlyList<(TEvent Event, SourcePosition From)> events, CancellationToken cancellationToken) =>
        producer.SendAsync(
            [.. events.Select(sent => RecordOf(sent.Event) with { Headers = [sent.From.ToHeader()] })],
            cancellationToken);

    public OutgoingRecord RecordOf(TEvent sent) =>
        new(topic.Name, Encoding.UTF8.GetBytes(topic.Key(sent)), sent.ToByteArray());
}
