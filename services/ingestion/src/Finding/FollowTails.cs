using Confluent.Kafka;
using Google.Protobuf;
using Microsoft.Extensions.Options;
using Tributary.Contracts;
using Tributary.Streaming;

namespace Tributary.Ingestion.Finding;

/// <summary>
/// Follows the ends of <c>received.v1</c>, <c>events.v1</c> and <c>events.rejected.v1</c> into the window, in no group
/// and without an offset, while someone looks and for a while after; nothing is read while nobody does. Reads so many
/// records a second and no more: what is more is passed over and counted. One thread of its own.
/// </summary>
internal sealed partial class FollowTails(
    EventWindow window,
    TailFollowing following,
    TailSurroundings with,
    ILogger<FollowTails> logger) : IHostedService, IDisposable
{
    private const long TailBase = -2000; // librdkafka's: "so many before the end" is this less the number.
    private static readonly TimeSpan PollWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(500);
    private static readonly Topic[] Followed = [Topics.Received, Topics.Events, Topics.EventsRejected];

    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<TopicPartition> _unread = [];
    private Thread? _thread;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "follows the tails" };
        _thread.Start();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        if (_thread is { } thread) await Task.Run(thread.Join, cancellationToken);
    }

    public void Dispose() => _stop.Dispose();

    private void Run()
    {
        while (following.WaitUntilWanted(_stop.Token))
        {
            try
            {
                Follow();
            }
            catch (KafkaException exception)
            {
                CannotFollow(exception.Error.Reason);
                _stop.Token.WaitHandle.WaitOne(Rest);
            }
            finally
            {
                following.Ended();
                window.Clear();
            }
        }
    }

    private void Follow()
    {
        using var consumer = Open();
        var places = Followed.SelectMany(topic => Enumerable.Range(0, topic.Partitions)
            .Select(partition => new TopicPartition(with.Kafka.Value.NameOf(topic.Name), partition))).ToList();
        _unread.Clear();
        _unread.UnionWith(places);
        consumer.Assign(places.Select(place =>
            new TopicPartitionOffset(place, new Offset(TailBase - with.Options.Value.TailRecords))));
        var (read, since) = (0, with.Time.GetTimestamp());
        while (!_stop.IsCancellationRequested && following.IsWanted)
        {
            if (Read(consumer)) read++;
            if (_unread.Count > 0 || read < with.Options.Value.RecordsPerSecondMax)
            {
                if (with.Time.GetElapsedTime(since) > Second) (read, since) = (0, with.Time.GetTimestamp());
                continue;
            }

            var left = Second - with.Time.GetElapsedTime(since);
            if (left > TimeSpan.Zero) _stop.Token.WaitHandle.WaitOne(left);
            PassOver(consumer, read);
            (read, since) = (0, with.Time.GetTimestamp());
        }
    }

    private IConsumer<byte[]?, byte[]?> Open() => new ConsumerBuilder<byte[]?, byte[]?>(new ConsumerConfig
    {
        BootstrapServers = with.Kafka.Value.Brokers,
        ClientId = "tributary-finding",
        GroupId = with.Kafka.Value.NameOf("finding"), // librdkafka asks for a name; it is never joined.
        AllowAutoCreateTopics = false,
        AutoOffsetReset = AutoOffsetReset.Earliest, // Fewer records than asked for: all of them.
        EnableAutoOffsetStore = false,
        EnableAutoCommit = false,
        EnablePartitionEof = true,
        QueuedMinMessages = 1_000,
        QueuedMaxMessagesKbytes = 8 << 10,
        FetchMaxBytes = 8 << 20,
        FetchWaitMaxMs = 250,
        FetchErrorBackoffMs = 100,
        ReconnectBackoffMs = 50,
        ReconnectBackoffMaxMs = 1_000,
        TopicMetadataRefreshIntervalMs = 10_000,
    }).SetErrorHandler((_, error) => ClientError(error.Code, error.Reason)).SetLogHandler((_, _) => { }).Build();

    /// <returns>Whether there was a record.</returns>
    private bool Read(IConsumer<byte[]?, byte[]?> consumer)
    {
        try
        {
            if (consumer.Consume(PollWait) is not { } read) return false;

            if (read.IsPartitionEOF) Reached(read.TopicPartition);
            else Learn(read);
            return !read.IsPartitionEOF;
        }
        catch (ConsumeException exception) when (!exception.Error.IsFatal)
        {
            if (exception.Error.Code is ErrorCode.UnknownTopicOrPart) // It is made later, and then found.
                Reached(exception.ConsumerRecord.TopicPartition);
            return false;
        }
    }

    private void Reached(TopicPartition place)
    {
        if (_unread.Remove(place) && _unread.Count == 0) following.ReachedEnds();
    }

    private void Learn(ConsumeResult<byte[]?, byte[]?> read)
    {
        if (read.Message.Value is not { } value) return;

        var topic = read.Topic[with.Kafka.Value.TopicPrefix.Length..];
        var place = new RecordPlace(
            topic, read.Partition.Value, read.Offset.Value, read.Message.Timestamp.UtcDateTime);
        try
        {
            if (topic == Topics.Received.Name) window.Received(Event(value), place, value.Length);
            else if (topic == Topics.Events.Name) window.Emitted(Event(value), place, value.Length);
            else window.Refused(Topics.EventsRejected.Parser.ParseFrom(value), place, value.Length);
        }
        catch (InvalidProtocolBufferException exception)
        {
            RecordUnreadable(exception, topic, read.Partition.Value, read.Offset.Value);
        }

        static Contracts.V1.Event Event(byte[] value) => Topics.Events.Parser.ParseFrom(value);
    }

    /// <summary>On near the ends of now, where reading fell behind: what lies between is not looked at.</summary>
    private void PassOver(IConsumer<byte[]?, byte[]?> consumer, int read)
    {
        var passedOver = 0L;
        foreach (var place in consumer.Assignment)
        {
            var (end, position) = (consumer.GetWatermarkOffsets(place).High, consumer.Position(place));
            if (end.IsSpecial || position.IsSpecial || end - position <= with.Options.Value.TailRecords) continue;

            consumer.Seek(new TopicPartitionOffset(place, end));
            passedOver += end - position;
        }

        following.PassedOver(read, passedOver);
    }

    [LoggerMessage(LogLevel.Warning, "Kafka's tails can't be followed: {Reason}")]
    private partial void CannotFollow(string reason);

    [LoggerMessage(LogLevel.Debug, "The tails' consumer reported {Code}: {Reason}")]
    private partial void ClientError(ErrorCode code, string reason);

    [LoggerMessage(LogLevel.Warning, "Left out the record of {Topic}/{Partition} at {Offset}, which can't be read")]
    private partial void RecordUnreadable(Exception exception, string topic, int partition, long offset);
}

/// <summary>What following stands on.</summary>
internal sealed record TailSurroundings(
    IOptions<FindingOptions> Options, IOptions<KafkaOptions> Kafka, TimeProvider Time);
