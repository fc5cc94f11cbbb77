using System.Diagnostics;
using Tributary.Streaming.DeadLetters;
using Tributary.Streaming.Writing;

namespace Tributary.Streaming.Reading;

/// <summary>What came of handing a batch over.</summary>
internal abstract record HandOverOutcome
{
    private HandOverOutcome() { }

    /// <summary>The rows and the stored offset are durable.</summary>
    public sealed record Kept(StoredOffset Stored, BatchCount Count) : HandOverOutcome;

    /// <summary>The stored offset was not where we had read it: nothing of the batch is kept by us.</summary>
    public sealed record AnotherOwner : HandOverOutcome;

    /// <summary>The records may be of another topic with the same name: nothing of the batch was handed over.</summary>
    public sealed record TopicMadeAnew : HandOverOutcome;

    /// <summary>Nothing is kept, as far as is known; the store's fence decides where that is wrong.</summary>
    public sealed record Failed(Exception Exception) : HandOverOutcome;
}

/// <summary>Takes the records of a batch to its handler and tells what came of it. Throws nothing.</summary>
internal interface IHandOver
{
    Task<HandOverOutcome> RunAsync(
        IReadOnlyList<Record> records, StoredOffset stored, CancellationToken cancellationToken);
}

/// <inheritdoc/>
internal sealed class HandOver<TEvent>(
    ReaderIdentity reader, ILog log, IBatchPlanner<TEvent> planner, IBatchHandler<TEvent> handler, ISendRecords sender)
    : IHandOver
{
    private const int LinkedTracesMax = 16;

    public async Task<HandOverOutcome> RunAsync(
        IReadOnlyList<Record> records, StoredOffset stored, CancellationToken cancellationToken)
    {
        try
        {
            // 1. The records were read before this question, and a topic's id never comes back: they are of this topic.
            if (await log.TopicIdAsync(cancellationToken) != stored.TopicId) return new HandOverOutcome.TopicMadeAnew();

            // 2. What was kept before is skipped, the rest is decoded.
            var plan = await planner.PlanAsync(records, stored, cancellationToken);

            // 3. What can't be decoded is in dead letters before the handler can move the offset past it.
            foreach (var record in plan.Undecodable)
                await RejectAsync(record, "undecodable", cancellationToken);

            // 4. The handler keeps its rows and moves the offset, in one transaction.
            var batch = BatchOf(plan, records, stored);
            using (var activity = StartActivity(records))
                await handler.HandleAsync(batch, cancellationToken);

            // 5. The stored offset is now the span's end.
            if (!batch.SpanTaken) throw new InvalidOperationException(SpanNotTaken);
            return new HandOverOutcome.Kept(
                new StoredOffset(stored.TopicId, stored.Partition, batch.Span.End, batch.Span.Positions),
                Count(records.Count, plan, batch));
        }
        catch (AnotherOwnerException)
        {
            return new HandOverOutcome.AnotherOwner();
        }
        catch (Exception exception)
        {
            return new HandOverOutcome.Failed(exception);
        }
    }

    private const string SpanNotTaken =
        "the handler returned without taking the batch's span, so the stored offset can't have moved";

    private Batch<TEvent> BatchOf(BatchPlan<TEvent> plan, IReadOnlyList<Record> records, StoredOffset stored)
    {
        var span = new BatchSpan(
            reader.Consumer, reader.Topic, stored.TopicId, stored.Partition,
            stored.NextOffset, records[^1].Offset + 1, plan.Positions)
        {
            Rejected = [.. plan.Undecodable.Select(record => record.Origin)],
            Applied = [.. plan.Events.Where(planned => planned.AttemptsBefore > 0).Select(planned => planned.Origin)],
        };
        return new Batch<TEvent>(
            [.. plan.Events.Select(planned => planned.Event)],
            [.. plan.Events.Select(planned => planned.Record)],
            span,
            (index, reason, detail, token) =>
            {
                var (_, record, origin, attempts) = plan.Events[index];
                return RejectAsync(new(record, origin, attempts, detail ?? reason), reason, token);
            })
        {
            Origins = [.. plan.Events.Select(planned => planned.Origin)],
        };
    }

    private async ValueTask RejectAsync(UndecodableRecord rejected, string reason, CancellationToken cancellationToken)
    {
        var (record, origin, attemptsBefore, detail) = rejected;
        var letter = new DeadLetter(
            origin, reader.OriginTopic, reader.Consumer, reason, detail, attemptsBefore + 1,
            record.Time, record.Key, record.Value ?? [], record.Headers);
        await sender.SendAsync(letter.ToRecord(DeadLetter.TopicOf(reader.Service)), cancellationToken);
    }

    private static BatchCount Count(int read, BatchPlan<TEvent> plan, Batch<TEvent> batch)
    {
        var rejected = batch.Rejections.Values
            .Concat(plan.Undecodable.Select(_ => "undecodable"))
            .CountBy(reason => reason)
            .ToDictionary();
        return new BatchCount(read, batch.Events.Count - batch.Rejections.Count, plan.Skipped, rejected);
    }

    private Activity? StartActivity(IReadOnlyList<Record> records)
    {
        if (!TraceHeaders.Activities.HasListeners()) return null;
        var links = records
            .Select(record => TraceHeaders.Of(record.Headers))
            .OfType<ActivityContext>()
            .Distinct()
            .Take(LinkedTracesMax)
            .Select(context => new ActivityLink(context))
            .ToArray();
        // One batch of one trace goes on with it; a batch of many is a trace of its own with links to them.
        var parent = links is [var only] ? only.Context : default;
        return TraceHeaders.Activities.StartActivity(
            $"read {reader.Topic}", ActivityKind.Consumer, parent, tags: [new("consumer", reader.Consumer)], links);
    }
}

/// <summary>Sends one record and returns when it is kept; throws when it is not.</summary>
internal interface ISendRecords
{
    ValueTask SendAsync(OutgoingRecord record, CancellationToken cancellationToken);
}
