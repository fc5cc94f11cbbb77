using Confluent.Kafka;
using Tributary.Streaming.Clients;
using Tributary.Streaming.Reading;

namespace Tributary.Operations.Offsets;

/// <summary>Where a consumer stands in a partition, beside what the log holds now.</summary>
/// <param name="Stop">Why the reader can't go on; null when it can.</param>
internal sealed record ReaderPlace(OffsetRow Row, Guid TopicId, LogRange Log, string? Stop);

/// <summary>Puts stored offsets beside their logs.</summary>
internal static class ReadersPlaces
{
    public static async Task<IReadOnlyList<ReaderPlace>> OfAsync(
        IEnumerable<OffsetRow> rows, Servers servers, CancellationToken cancellationToken)
    {
        Dictionary<string, Guid> topicIds = [];
        Dictionary<(string, int), LogRange> logs = [];
        List<ReaderPlace> places = [];
        foreach (var rowsOfPlace in rows.GroupBy(row => (row.Service, row.Consumer, row.Topic, row.Stored.Partition)))
        {
            var (service, consumer, topic, partition) = rowsOfPlace.Key;
            var name = servers.NameOf(topic);
            try
            {
                if (!topicIds.TryGetValue(topic, out var topicId))
                    topicIds[topic] = topicId = await servers.Facts.TopicIdAsync(name, cancellationToken);
                if (!logs.TryGetValue((topic, partition), out var log))
                    logs[(topic, partition)] = log = await servers.Facts.RangeAsync(name, partition, cancellationToken);
                var row = rowsOfPlace.FirstOrDefault(one => one.Stored.TopicId == topicId) ?? rowsOfPlace.Last();
                var start = PartitionStart.Decide(
                    new ReaderIdentity(service, consumer, topic, topic), partition, topicId, log, [row.Stored]);
                places.Add(new(row, topicId, log, (start as PartitionStart.Stop)?.Sentence));
            }
            catch (KafkaException exception) when (exception.Error.Code is ErrorCode.UnknownTopicOrPart)
            {
                places.Add(new(rowsOfPlace.Last(), Guid.Empty, new(0, 0), $"there is no {name}[{partition}] in Kafka"));
            }
        }
        return places;
    }
}
