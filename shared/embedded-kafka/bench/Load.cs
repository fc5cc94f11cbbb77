using System.Buffers.Binary;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Tributary.EmbeddedKafka.Bench;

/// <summary>What librdkafka does to one topic of a broker.</summary>
internal sealed class Load(string address, string topic)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public async Task CreateTopicAsync()
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = address })
            .SetLogHandler((_, _) => { }).Build();
        await admin.CreateTopicsAsync(
            [new TopicSpecification { Name = topic, NumPartitions = 1, ReplicationFactor = 1 }]);
    }

    /// <summary>Produces with full acknowledgement; returns records a second.</summary>
    public double Produce(int count, int bytes)
    {
        using var producer = Producer(lingerMs: 5);
        var message = new Message<Null, byte[]> { Value = new byte[bytes] };
        new Random(1).NextBytes(message.Value);
        producer.Produce(topic, message);
        producer.Flush(Patience); // Connections are made before the clock runs.
        var started = TimeProvider.System.GetTimestamp();
        for (var sent = 1; sent < count; sent++) Send(producer, message);
        producer.Flush(Patience);
        return (count - 1) / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Reads from the start; returns records a second.</summary>
    public double Fetch(int count)
    {
        using var consumer = Consumer();
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        if (consumer.Consume(Patience) is null) throw new TimeoutException("nothing came");
        var started = TimeProvider.System.GetTimestamp();
        for (var taken = 1; taken < count; taken++)
        {
            if (consumer.Consume(Patience) is null) throw new TimeoutException($"{taken} of {count} came");
        }

        return (count - 1) / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>From the call that produces to the call that consumed, at a steady rate.</summary>
    public (double P50, double P99) Latency(int perSecond, int seconds)
    {
        using var stop = new CancellationTokenSource();
        var count = perSecond * seconds;
        var taken = new List<double>(count);
        using var consumer = Consumer();
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        consumer.Consume(TimeSpan.FromMilliseconds(500));
        var consuming = Task.Factory.StartNew(() => Consume(consumer, taken, count), TaskCreationOptions.LongRunning);

        using var producer = Producer(lingerMs: 0);
        var started = TimeProvider.System.GetTimestamp();
        for (var sent = 0; sent < count;)
        {
            var due = (int)(TimeProvider.System.GetElapsedTime(started).TotalSeconds * perSecond);
            for (; sent < Math.Min(due, count); sent++) Send(producer, Stamped());
            producer.Poll(TimeSpan.FromMilliseconds(1));
        }

        producer.Flush(Patience);
        consuming.GetAwaiter().GetResult();
        taken.Sort();
        return (taken[taken.Count / 2], taken[(int)(taken.Count * 0.99)]);
    }

    /// <summary>
    /// A producer with sequences and a member of a group that commits: each of their requests once or more.
    /// </summary>
    public async Task ProduceAndConsumeAsync(int records)
    {
        var config = new ProducerConfig { BootstrapServers = address, EnableIdempotence = true };
        using var producer = new ProducerBuilder<Null, byte[]>(config).SetLogHandler((_, _) => { }).Build();
        await Task.WhenAll(Enumerable.Range(0, records).Select(_ => producer.ProduceAsync(topic, Stamped())));
        using var consumer = Consumer();
        consumer.Subscribe(topic);
        for (var taken = 0; taken < records; taken++)
        {
            if (consumer.Consume(Patience) is null) throw new TimeoutException($"{taken} of {records} came");
        }

        consumer.Commit();
        consumer.Close();
    }

    private static void Consume(IConsumer<Null, byte[]> consumer, List<double> taken, int count)
    {
        while (taken.Count < count)
        {
            var record = consumer.Consume(Patience) ?? throw new TimeoutException($"{taken.Count} of {count} came");
            var sent = BinaryPrimitives.ReadInt64LittleEndian(record.Message.Value);
            taken.Add(TimeProvider.System.GetElapsedTime(sent).TotalMilliseconds);
        }
    }

    private static Message<Null, byte[]> Stamped()
    {
        var value = new byte[100];
        BinaryPrimitives.WriteInt64LittleEndian(value, TimeProvider.System.GetTimestamp());
        return new Message<Null, byte[]> { Value = value };
    }

    private void Send(IProducer<Null, byte[]> producer, Message<Null, byte[]> message)
    {
        while (true)
        {
            try
            {
                producer.Produce(topic, message);
                return;
            }
            catch (ProduceException<Null, byte[]> full) when (full.Error.Code == ErrorCode.Local_QueueFull)
            {
                producer.Poll(TimeSpan.FromMilliseconds(5));
            }
        }
    }

    private IProducer<Null, byte[]> Producer(int lingerMs) => new ProducerBuilder<Null, byte[]>(new ProducerConfig
    {
        BootstrapServers = address,
        Acks = Acks.All,
        LingerMs = lingerMs,
        EnableDeliveryReports = false,
        QueueBufferingMaxMessages = 500_000,
    }).SetLogHandler((_, _) => { }).Build();

    private IConsumer<Null, byte[]> Consumer() => new ConsumerBuilder<Null, byte[]>(new ConsumerConfig
    {
        BootstrapServers = address,
        GroupId = "speed",
        AutoOffsetReset = AutoOffsetReset.Earliest,
        EnableAutoCommit = false,
        FetchWaitMaxMs = 500,
        FetchMaxBytes = 16 * 1024 * 1024,
        MaxPartitionFetchBytes = 4 * 1024 * 1024,
        QueuedMinMessages = 200_000,
        QueuedMaxMessagesKbytes = 128 * 1024,
        // By default the client pauses a second whenever its queue is full: it is full sooner the faster a broker is.
        FetchQueueBackoffMs = 1,
    }).SetLogHandler((_, _) => { }).Build();
}
