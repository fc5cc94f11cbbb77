using System.Text;
using Tributary.Streaming;
using Tributary.Streaming.Writing;

namespace Tributary.Postgres.Outbox;

/// <summary>Writes entries by a gapless producer of its own, with the header by which readers skip repeats.</summary>
internal sealed class KafkaOutboxSender(RecordProducer producer) : IOutboxSender
{
    public async Task SendAsync(IReadOnlyList<OutboxEntry> entries, CancellationToken cancellationToken)
    {
        var deliveries = await producer.SendAsync([.. entries.Select(RecordOf)], cancellationToken);
        deliveries.EnsureKept();
    }

    public ValueTask DisposeAsync()
    {
        producer.Dispose();
        return ValueTask.CompletedTask;
    }

    internal static OutgoingRecord RecordOf(OutboxEntry entry) =>
        new(entry.Message.Topic, entry.Message.Key, entry.Message.Value)
        {
            Headers =
            [
                new SourcePosition(entry.OutboxId, entry.Position).ToHeader(),
                .. entry.Message.Headers.Select(
                    header => new RecordHeader(header.Key, Encoding.UTF8.GetBytes(header.Value))),
            ],
        };
}
