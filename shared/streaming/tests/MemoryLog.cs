using System.Collections.Concurrent;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Tributary.Streaming.Clients;
using Tributary.Streaming.Reading;

namespace Tributary.Streaming.Tests;

/// <summary>
/// A topic in memory with the promises that <see cref="ILog"/> makes for Kafka. Tests write to it, hand out its
/// partitions and make it anew from any thread; what the reader is told of that, it is told inside its poll.
/// </summary>
internal sealed class MemoryLog(int partitions) : ILog
{
    private readonly Lock _lock = new();
    private readonly ConcurrentQueue<Action<ILogListener>> _news = [];
    private readonly Dictionary<int, long> _next = [];
    private readonly HashSet<int> _paused = [];
    private readonly HashSet<(int Partition, long Offset)> _removed = [];
    private readonly Dictionary<(int Partition, long Offset), long> _jumps = [];
    private List<Record>[] _records = [.. Enumerable.Range(0, partitions).Select(_ => new List<Record>())];
    private long[] _earliest = new long[partitions];
    private ILogListener? _listener;

    public Guid TopicId { get; private set; } = Guid.NewGuid();

    public ConcurrentDictionary<int, long> Progress { get; } = [];

    /// <summary>Offsets sought, in order.</summary>
    public ConcurrentQueue<(int Partition, long Offset)> Sought { get; } = [];

    public bool HasLeft { get; private set; }

    /// <summary>How often the reader came by; a reader whose thread is stuck does not.</summary>
    public long Polls { get; private set; }

    public bool IsPaused(int partition)
    {
        lock (_lock) return _paused.Contains(partition);
    }

    public void Write(int partition, params IEnumerable<string> values) =>
        Write(partition, values.Select(
            value => (new StringValue { Value = value }.ToByteArray(), Array.Empty<RecordHeader>())));

    public void Write(int partition, IEnumerable<(byte[] Value, RecordHeader[] Headers)> records)
    {
        lock (_lock)
        {
            foreach (var (value, headers) in records)
            {
                var offset = _earliest[partition] + _records[partition].Count;
                _records[partition].Add(
                    new(partition, offset, DateTimeOffset.UnixEpoch, "key"u8.ToArray(), value, headers));
            }
        }
    }

    public void Assign(params IReadOnlyList<int> which) => _news.Enqueue(listener =>
    {
        lock (_lock)
        {
            foreach (var partition in which) _next.Remove(partition);
        }
        listener.Assigned(which);
    });

    public void Revoke(params IReadOnlyList<int> which) => _news.Enqueue(listener => listener.Revoked(which));

    public void Lose(params IReadOnlyList<int> which) => _news.Enqueue(listener => listener.Lost(which));

    public void Expire(int partition, long before)
    {
        lock (_lock)
        {
            _records[partition].RemoveAll(record => record.Offset < before);
            _earliest[partition] = before;
        }
    }

    public void MakeAnew()
    {
        lock (_lock)
        {
            TopicId = Guid.NewGuid();
            _records = [.. _records.Select(_ => new List<Record>())];
            _earliest = new long[_records.Length];
        }
    }

    /// <summary>The client loses its place once: in place of one record it returns a later one.</summary>
    public void LosePlace(int partition, long at, long to)
    {
        lock (_lock) _jumps[(partition, at)] = to;
    }

    /// <summary>Takes a record away for good, as compaction does; the offsets of the others stay.</summary>
    public void Remove(int partition, long offset)
    {
        lock (_lock) _removed.Add((partition, offset));
    }

    /// <summary>Two members of a group each have their own view of one topic.</summary>
    public void BeTheSameTopicAs(MemoryLog other) => TopicId = other.TopicId;

    public void Join(ILogListener listener) => _listener = listener;

    public Record? Poll(TimeSpan wait)
    {
        Polls++;
        while (_news.TryDequeue(out var news)) news(_listener!);
        if (Next() is { } ready) return ready;
        if (wait > TimeSpan.Zero) SpinWait.SpinUntil(() => !_news.IsEmpty, TimeSpan.FromMilliseconds(1));
        return Next();
    }

    public bool TrySeek(int partition, long offset)
    {
        lock (_lock) _next[partition] = offset;
        Sought.Enqueue((partition, offset));
        return true;
    }

    public void Pause(int partition)
    {
        lock (_lock) _paused.Add(partition);
    }

    public void Resume(int partition)
    {
        lock (_lock) _paused.Remove(partition);
    }

    public void ShowProgress(int partition, long nextOffset) => Progress[partition] = nextOffset;

    public long? EndOf(int partition)
    {
        lock (_lock) return _earliest[partition] + _records[partition].Count;
    }

    public void Leave()
    {
        _listener!.Revoked([.. Enumerable.Range(0, _records.Length)]);
        HasLeft = true;
    }

    public Task<Guid> TopicIdAsync(CancellationToken cancellationToken) => Task.FromResult(TopicId);

    public Task<LogRange> RangeAsync(int partition, CancellationToken cancellationToken)
    {
        lock (_lock)
            return Task.FromResult(new LogRange(
                _earliest[partition], _earliest[partition] + _records[partition].Count));
    }

    public void Dispose() { }

    private Record? Next()
    {
        int? outOfRange = null;
        lock (_lock)
        {
            foreach (var (partition, position) in _next)
            {
                if (_paused.Contains(partition)) continue;
                var next = _jumps.Remove((partition, position), out var jump) ? jump : position;
                while (_removed.Contains((partition, next))) next++;
                var index = next - _earliest[partition];
                if (index < 0 || index > _records[partition].Count) outOfRange = partition;
                else if (index < _records[partition].Count)
                {
                    _next[partition] = next + 1;
                    return _records[partition][(int)index];
                }
            }
            if (outOfRange is { } out_) _next.Remove(out_);
        }
        if (outOfRange is not null) _listener!.Faulted(outOfRange, "offset out of range");
        return null;
    }
}
