using Confluent.Kafka;

namespace Tributary.Testing.Crashes;

/// <summary>
/// Sends to a topic as a careful producer does (idempotent, acks=all) and tells the account what the broker promised.
/// Ids carry their key and sequence: <c>key-17</c> is the 17th of its key.
/// </summary>
public sealed record KafkaLoad
{
    /// <summary>Never more than this many promises are under way.</summary>
    private const int InFlightMax = 10_000;

    private static readonly TimeSpan FlushWithin = TimeSpan.FromSeconds(50);
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(20);

    public required string Bootstrap { get; init; }

    public required string Topic { get; init; }

    /// <summary>The record that carries this id under this key.</summary>
    public required Func<string, string, Message<string, byte[]>> Record { get; init; }

    public int Keys { get; init; } = 50;

    public int PerSecond { get; init; } = 500;

    /// <summary>After this time an id's fate is unknown; zero waits for the broker however long it takes.</summary>
    public TimeSpan GivenUpAfter { get; init; } = TimeSpan.Zero;

    /// <summary>It ends by itself after so many ids.</summary>
    public long IdsMax { get; init; } = Account.IdsMax;

    /// <summary>The load of a <see cref="Round"/>.</summary>
    public async Task RunAsync(Account account, CancellationToken stop)
    {
        using var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig
        {
            BootstrapServers = Bootstrap,
            EnableIdempotence = true,
            Acks = Acks.All,
            LingerMs = 5,
            Partitioner = Partitioner.Murmur2Random,
            MessageTimeoutMs = (int)GivenUpAfter.TotalMilliseconds,
            QueueBufferingMaxMessages = 2 * InFlightMax,
        }).SetLogHandler((_, _) => { }).Build();

        var sent = 0L;
        var ended = 0L;
        var startedAt = TimeProvider.System.GetTimestamp();
        while (!stop.IsCancellationRequested && sent < IdsMax)
        {
            var due = Math.Min(
                IdsMax, (long)(TimeProvider.System.GetElapsedTime(startedAt).TotalSeconds * PerSecond));
            for (; sent < due && sent - Interlocked.Read(ref ended) < InFlightMax; sent++)
            {
                Send(producer, account, sent, () => Interlocked.Increment(ref ended));
            }
            await Task.Delay(Beat, CancellationToken.None);
        }
        // What has no answer by then stays "sent" in the account, which is as good as unknown.
        producer.Flush(FlushWithin);
    }

    /// <summary>The id that the load gives.</summary>
    public static string IdOf(string key, long sequence) => $"{key}-{sequence}";

    private void Send(IProducer<string, byte[]> producer, Account account, long number, Action end)
    {
        var key = $"k{number % Keys}";
        var sequence = number / Keys;
        var id = IdOf(key, sequence);
        account.Sent(id, key, sequence);
        try
        {
            producer.Produce(Topic, Record(id, key), report =>
            {
                Book(account, id, report);
                end();
            });
        }
        catch (ProduceException<string, byte[]> refused)
        {
            account.Refused(id, refused.Error.Reason); // Never left this process.
            end();
        }
    }

    private static void Book(Account account, string id, DeliveryReport<string, byte[]> report)
    {
        var place = $"{report.Topic}[{report.Partition.Value}]@{report.Offset.Value}";
        if (!report.Error.IsError) account.Acknowledged(id, place);
        else if (report.Status == PersistenceStatus.NotPersisted) account.Refused(id, report.Error.Reason);
        else account.Unknown(id, report.Error.Reason);
    }
}
