using System.Collections.Concurrent;
using Tributary.Contracts;
using Tributary.Postgres.Offsets;
using Tributary.Streaming;
using Tributary.Streaming.Clients;
using Tributary.Streaming.Reading;
using Tributary.Streaming.Writing;

namespace Tributary.Ingestion.Deduplicating;

/// <summary>
/// The deduplicator's offsets: it keeps none but goes on after the last record of its partition of <c>events.v1</c>,
/// with the window as it was there. Only where that place is gone does a row count that an operator has moved there.
/// </summary>
internal sealed class EventsTail(PartitionScans scans, RestoreWindow restore, PostgresOffsets accepted) : IOffsetStore
{
    private readonly ConcurrentDictionary<int, PartitionState> _states = [];

    /// <summary>The partitions that were opened here; some may be others' by now.</summary>
    public IReadOnlyCollection<PartitionState> States => [.. _states.Values];

    /// <summary>What is known of a partition at a place, or null where it has to be opened first.</summary>
    public PartitionState? StateAt(BatchSpan span) =>
        _states.TryGetValue(span.Partition, out var state) && state.IsAt(span.TopicId, span.Start) ? state : null;

    public async ValueTask<IReadOnlyList<StoredOffset>> LoadAsync(
        string consumer, string topic, IReadOnlyCollection<int> partitions, CancellationToken cancellationToken)
    {
        List<StoredOffset> stored = [];
        foreach (var partition in partitions)
        {
            if (await LoadAsync(consumer, partition, cancellationToken) is { } place) stored.Add(place);
        }
        return stored;
    }

    public ValueTask<StoredOffset> BeginAsync(
        string consumer, string topic, Guid topicId, int partition, long earliest, CancellationToken cancellationToken)
    {
        GoOn(partition, topicId, earliest, new IdWindow(restore.Bounds), written: null);
        return ValueTask.FromResult(At(topicId, partition, earliest));
    }

    public ValueTask<IReadOnlySet<Origin>> OpenOriginsAsync(
        string consumer, IReadOnlyCollection<Origin> origins, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlySet<Origin>>(new HashSet<Origin>());

    private async Task<StoredOffset?> LoadAsync(string consumer, int partition, CancellationToken cancellationToken)
    {
        _states.TryRemove(partition, out _);
        var events = await scans.RangeAsync(Topics.Events.Name, partition, cancellationToken);
        if (events.Earliest == events.End) return null;

        var tail = scans.Read(
            Topics.Events.Name, partition, events with { Earliest = events.End - 1 }, cancellationToken).Last();
        var last = SourcePosition.Of(tail.Headers) ?? throw new InvalidDataException(
            $"the last record of {Topics.Events.Name}[{partition}], {tail.Offset}, does not say what it was made of: "
            + "something else writes that topic");
        var topicId = await scans.TopicIdAsync(Topics.Received.Name, cancellationToken);
        var received = await scans.RangeAsync(Topics.Received.Name, partition, cancellationToken);
        var next = last.Position + 1;
        if (last.Source != topicId || next < received.Earliest || next > received.End)
        {
            var row = await AcceptedAsync(consumer, last, partition, cancellationToken);
            if (row?.TopicId != topicId || row.NextOffset < received.Earliest || row.NextOffset > received.End)
                return At(last.Source, partition, next); // The reader says why this can't be.
            (topicId, next) = (row.TopicId, row.NextOffset);
        }
        var window = await restore.ToAsync(last, tail, received, cancellationToken);
        GoOn(partition, topicId, next, window, written: topicId == last.Source ? last : null);
        return At(topicId, partition, next);
    }

    /// <summary>What an operator has moved, or null; a row is then made for the operator to move.</summary>
    private async Task<StoredOffset?> AcceptedAsync(
        string consumer, SourcePosition last, int partition, CancellationToken cancellationToken)
    {
        var rows = await accepted.LoadAsync(consumer, Topics.Received.Name, [partition], cancellationToken);
        var next = last.Position + 1;
        if (rows.FirstOrDefault(row => row.TopicId != last.Source || row.NextOffset != next) is { } moved) return moved;
        await accepted.BeginAsync(
            consumer, Topics.Received.Name, last.Source, partition, next, cancellationToken);
        return null;
    }

    private void GoOn(int partition, Guid topicId, long next, IdWindow window, SourcePosition? written)
    {
        var state = new PartitionState(partition, topicId, window) { Written = written };
        state.MoveTo(next);
        _states[partition] = state;
    }

    private static StoredOffset At(Guid topicId, int partition, long next) =>
        new(topicId, partition, next, new Dictionary<Guid, long>());
}
