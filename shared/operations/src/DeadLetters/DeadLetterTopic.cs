using System.Runtime.CompilerServices;
using Confluent.Kafka;
using Tributary.Streaming;
using Tributary.Streaming.DeadLetters;
using Tributary.Streaming.Reading;

namespace Tributary.Operations.DeadLetters;

/// <summary>A dead letter where it lies.</summary>
internal sealed record FoundLetter(long Offset, DateTimeOffset DiedAt, DeadLetter Letter);

/// <summary>Which dead letters are meant; what is null does not matter.</summary>
internal sealed record DeadLetterFilter(string? Reason, string? Consumer, long? Offset)
{
    public static DeadLetterFilter Of(CommandLine line) =>
        new(line.Value("reason"), line.Value("consumer"), Offset: null);

    /// <summary>Replaying all of them has to be said.</summary>
    public static DeadLetterFilter OfReplay(CommandLine line)
    {
        var filter = Of(line) with { Offset = line.Number("offset", from: 0) };
        if (line.Has("all") == (filter.Reason is not null || filter.Offset is not null))
            throw new UsageException("say which: --all, or --offset or --reason");
        return filter;
    }

    public bool Includes(FoundLetter found) =>
        (Reason ?? found.Letter.Reason) == found.Letter.Reason
        && (Consumer ?? found.Letter.Consumer) == found.Letter.Consumer
        && (Offset ?? found.Offset) == found.Offset;
}

/// <summary>Reads the dead letters of a service from first to last, as they are when the reading begins.</summary>
internal sealed class DeadLetterTopic(Servers servers, string service)
{
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(15);

    public async IAsyncEnumerable<FoundLetter> ReadAsync(
        long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var name = servers.NameOf(DeadLetter.TopicOf(service));
        var log = await RangeAsync(name, cancellationToken);
        var next = Math.Max(log.Earliest, after + 1);
        if (next >= log.End) yield break;

        using var consumer = servers.Clients.Consumer($"operations-{Guid.NewGuid():N}", _ => { });
        consumer.Assign(new TopicPartitionOffset(name, 0, next));
        while (next < log.End)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (consumer.Consume(SilenceMax) is not { Message: not null } read)
                throw new OperationRefusedException($"Kafka sent nothing of {name} for {SilenceMax.TotalSeconds:0} s");
            next = read.Offset.Value + 1;
            var record = KafkaLog.RecordOf(read);
            if (DeadLetter.Read(record) is { } letter) yield return new(record.Offset, record.Time, letter);
        }
    }

    private async Task<Streaming.Clients.LogRange> RangeAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await servers.Facts.TopicIdAsync(name, cancellationToken); // Says plainly that a topic is not there.
            return await servers.Facts.RangeAsync(name, partition: 0, cancellationToken);
        }
        catch (KafkaException exception) when (exception.Error.Code is ErrorCode.UnknownTopicOrPart)
        {
            throw new OperationRefusedException($"there is no topic {name}: has {service} ever been started here?");
        }
    }
}
