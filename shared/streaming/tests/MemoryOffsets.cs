using Tributary.Streaming;

namespace Tributary.Streaming.Tests;

/// <summary>The store's promises in memory: rows and offsets move together, and only from the span's start.</summary>
internal sealed class MemoryOffsets : IOffsetStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Consumer, string Topic, int Partition), StoredOffset> _stored = [];
    private readonly Dictionary<(string Consumer, Origin Origin), bool> _isApplied = [];
    private readonly List<string> _rows = [];
    private readonly List<BatchSpan> _spans = [];

    public IReadOnlyList<string> Rows
    {
        get
        {
            lock (_lock) return [.. _rows];
        }
    }

    public IReadOnlyList<BatchSpan> Spans
    {
        get
        {
            lock (_lock) return [.. _spans];
        }
    }

    public void Commit(BatchSpan span, IEnumerable<string> rows)
    {
        lock (_lock)
        {
            var place = (span.Consumer, span.Topic, span.Partition);
            var stored = _stored.GetValueOrDefault(place);
            if (stored is null || stored.TopicId != span.TopicId || stored.NextOffset != span.Start)
                throw new AnotherOwnerException(span);
            if (span.Applied.Any(origin => _isApplied.GetValueOrDefault((span.Consumer, origin), true)))
                throw new AnotherOwnerException(span);
            foreach (var origin in span.Rejected) _isApplied.TryAdd((span.Consumer, origin), false);
            foreach (var origin in span.Applied) _isApplied[(span.Consumer, origin)] = true;
            _stored[place] = new StoredOffset(span.TopicId, span.Partition, span.End, span.Positions);
            _rows.AddRange(rows);
            _spans.Add(span);
        }
    }

    public StoredOffset? Stored(string consumer, string topic, int partition)
    {
        lock (_lock) return _stored.GetValueOrDefault((consumer, topic, partition));
    }

    public void Put(string consumer, string topic, StoredOffset stored)
    {
        lock (_lock) _stored[(consumer, topic, stored.Partition)] = stored;
    }

    public ValueTask<IReadOnlyList<StoredOffset>> LoadAsync(
        string consumer, string topic, IReadOnlyCollection<int> partitions, CancellationToken cancellationToken)
    {
        lock (_lock)
            return new([
                .. partitions.Select(partition => _stored.GetValueOrDefault((consumer, topic, partition)))
                    .OfType<StoredOffset>(),
            ]);
    }

    public ValueTask<StoredOffset> BeginAsync(
        string consumer, string topic, Guid topicId, int partition, long earliest, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var first = new StoredOffset(topicId, partition, earliest, new Dictionary<Guid, long>());
            _stored.TryAdd((consumer, topic, partition), first);
            return new(_stored[(consumer, topic, partition)]);
        }
    }

    public ValueTask<IReadOnlySet<Origin>> OpenOriginsAsync(
        string consumer, IReadOnlyCollection<Origin> origins, CancellationToken cancellationToken)
    {
        lock (_lock)
            return new(origins.Where(origin => !_isApplied.GetValueOrDefault((consumer, origin), true)).ToHashSet());
    }
}
