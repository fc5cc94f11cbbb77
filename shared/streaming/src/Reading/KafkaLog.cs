using Confluent.Kafka;
using Tributary.Streaming.Clients;

namespace Tributary.Streaming.Reading;

/// <summary>One topic of a real Kafka, read as a member of a group.</summary>
internal sealed class KafkaLog(KafkaClients clients, TopicFacts facts, string group, string topic) : ILog
{
    private readonly string _topic = clients.Options.NameOf(topic);
    private readonly JoinedQuestion<Guid> _topicId = new(
        () => facts.TopicIdAsync(clients.Options.NameOf(topic), CancellationToken.None));
    private readonly HashSet<int> _outOfRange = [];
    private static readonly TimeSpan EndAnswersWithin = TimeSpan.FromSeconds(5);
    private IConsumer<byte[]?, byte[]?>? _consumer;
    private ILogListener? _listener;

    private IConsumer<byte[]?, byte[]?> Consumer =>
        _consumer ?? throw new InvalidOperationException("join the group before reading");

    public void Join(ILogListener listener)
    {
        _listener = listener;
        // Assigned at the end, where nothing is fetched but what is new; the reader seeks before it takes a record.
        _consumer = clients.Consumer(group, builder => builder
            .SetPartitionsAssignedHandler((consumer, partitions) =>
            {
                _outOfRange.ExceptWith(Numbers(partitions));
                listener.Assigned(Numbers(partitions));
                return partitions.Select(
                    partition => new TopicPartitionOffset(partition, EndNumber(consumer, partition)));
            })
            .SetPartitionsRevokedHandler((_, partitions) => listener.Revoked(Numbers(partitions)))
            .SetPartitionsLostHandler((_, partitions) => listener.Lost(Numbers(partitions))));
        _consumer.Subscribe(_topic);
    }

    /// <summary>
    /// The end as a number. librdkafka asks for <see cref="Offset.End"/> on its own, later, and where a seek comes
    /// before the answer it asks once more and goes on at the end: everything in between would be skipped.
    /// </summary>
    private static Offset EndNumber(IConsumer<byte[]?, byte[]?> consumer, TopicPartition partition)
    {
        try
        {
            return consumer.QueryWatermarkOffsets(partition, EndAnswersWithin).High;
        }
        catch (KafkaException)
        {
            return 0; // Where the log begins later, reading fails and says so; nothing is skipped.
        }
    }

    public Record? Poll(TimeSpan wait)
    {
        try
        {
            return Consumer.Consume(wait) is { Message: not null } read ? RecordOf(read) : null;
        }
        catch (ConsumeException exception)
        {
            // What is wrong with the topic or the group names partition 0, too.
            var partition = exception.Error.Code
                is ErrorCode.UnknownTopicOrPart or ErrorCode.TopicException
                or ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed
                ? null
                : exception.ConsumerRecord?.Partition.Value;
            if (partition is { } lost && exception.Error.Code is ErrorCode.Local_AutoOffsetReset) _outOfRange.Add(lost);
            _listener!.Faulted(partition, exception.Error.Reason);
            return null;
        }
    }

    public bool TrySeek(int partition, long offset)
    {
        var place = new TopicPartitionOffset(_topic, partition, offset);
        try
        {
            if (_outOfRange.Remove(partition))
            {
                // librdkafka gave up on it and refuses to seek there; assigned anew, it begins again.
                Consumer.IncrementalUnassign([place.TopicPartition]);
                Consumer.IncrementalAssign([place]);
                return true;
            }
            Consumer.Seek(place);
            return true;
        }
        catch (KafkaException exception) when (exception.Error.Code
            is ErrorCode.Local_State or ErrorCode.Local_UnknownPartition or ErrorCode.Local_PrevInProgress)
        {
            return false; // Assigned a moment ago; librdkafka has not begun with it.
        }
    }

    public void Pause(int partition) => Consumer.Pause([new TopicPartition(_topic, partition)]);

    public void Resume(int partition) => Consumer.Resume([new TopicPartition(_topic, partition)]);

    public void ShowProgress(int partition, long nextOffset)
    {
        try
        {
            Consumer.StoreOffset(new TopicPartitionOffset(_topic, partition, nextOffset));
        }
        catch (KafkaException exception) when (exception.Error.Code is ErrorCode.Local_State)
        {
            // The partition was taken away meanwhile; a dashboard waits for its next owner.
        }
    }

    public long? EndOf(int partition)
    {
        var end = Consumer.GetWatermarkOffsets(new TopicPartition(_topic, partition)).High;
        return end.IsSpecial ? null : end.Value;
    }

    public void Leave() => Consumer.Close();

    public Task<Guid> TopicIdAsync(CancellationToken cancellationToken) =>
        _topicId.AskAsync().WaitAsync(cancellationToken);

    public Task<LogRange> RangeAsync(int partition, CancellationToken cancellationToken) =>
        facts.RangeAsync(_topic, partition, cancellationToken);

    public void Dispose() => _consumer?.Dispose();

    public static Record RecordOf(ConsumeResult<byte[]?, byte[]?> read) => new(
        read.Partition.Value,
        read.Offset.Value,
        TimeOf(read.Message.Timestamp.UnixTimestampMs),
        read.Message.Key,
        read.Message.Value,
        read.Message.Headers is { Count: > 0 } headers
            ? [.. headers.Select(header => new RecordHeader(header.Key, header.GetValueBytes()))]
            : []);

    /// <summary>A sender may write any number, and brokers keep it; what no calendar has must not end it.</summary>
    private static DateTimeOffset TimeOf(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(
        milliseconds,
        DateTimeOffset.MinValue.ToUnixTimeMilliseconds(),
        DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));

    private static int[] Numbers<T>(IEnumerable<T> partitions) => [.. partitions.Select(partition => partition switch
    {
        TopicPartition one => one.Partition.Value,
        TopicPartitionOffset one => one.Partition.Value,
        _ => throw new System.Diagnostics.UnreachableException(),
    })];
}
