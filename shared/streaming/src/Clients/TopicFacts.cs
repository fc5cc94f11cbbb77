using System.Buffers.Binary;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Tributary.Streaming.Clients;

/// <summary>
/// What a partition's log holds: offsets from <see cref="Earliest"/> up to, not including, <see cref="End"/>.
/// </summary>
public readonly record struct LogRange(long Earliest, long End);

/// <summary>Asks the brokers what a topic is and what its log holds. Safe on any thread.</summary>
internal sealed class TopicFacts(KafkaClients clients) : IDisposable
{
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(10);
    private readonly Lazy<IAdminClient> _admin = new(clients.Admin);

    public IAdminClient Admin => _admin.Value;

    /// <exception cref="KafkaException">The topic is unknown, or nobody answered.</exception>
    public async Task<Guid> TopicIdAsync(string topic, CancellationToken cancellationToken)
    {
        try
        {
            var described = await Admin
                .DescribeTopicsAsync(TopicCollection.OfTopicNames([topic]), new() { RequestTimeout = AnswerMax })
                .WaitAsync(cancellationToken);
            return GuidOf(described.TopicDescriptions.Single().TopicId);
        }
        catch (DescribeTopicsException exception)
        {
            throw new KafkaException(exception.Results.TopicDescriptions.Single().Error);
        }
    }

    public async Task<LogRange> RangeAsync(string topic, int partition, CancellationToken cancellationToken)
    {
        var place = new TopicPartition(topic, partition);
        var earliest = OffsetAsync(place, OffsetSpec.Earliest(), cancellationToken);
        var end = OffsetAsync(place, OffsetSpec.Latest(), cancellationToken);
        return new LogRange(await earliest, await end);
    }

    public void Dispose()
    {
        if (_admin.IsValueCreated) _admin.Value.Dispose();
    }

    private async Task<long> OffsetAsync(TopicPartition place, OffsetSpec which, CancellationToken cancellationToken)
    {
        try
        {
            var listed = await Admin
                .ListOffsetsAsync([new() { TopicPartition = place, OffsetSpec = which }],
                    new() { RequestTimeout = AnswerMax })
                .WaitAsync(cancellationToken);
            return listed.ResultInfos.Single().TopicPartitionOffsetError.Offset.Value;
        }
        catch (ListOffsetsException exception)
        {
            throw new KafkaException(exception.Result.ResultInfos.Single().TopicPartitionOffsetError.Error);
        }
    }

    private static Guid GuidOf(Uuid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, id.MostSignificantBits);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], id.LeastSignificantBits);
        return new Guid(bytes, bigEndian: true);
    }
}
