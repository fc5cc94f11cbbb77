using Tributary.Streaming.Writing;

namespace Tributary.Ingestion.Deduplicating;

/// <summary>
/// What is known of a partition up to a place in <c>received.v1</c>: all of it follows from the log before that place.
/// </summary>
internal sealed class PartitionState(int partition, Guid receivedTopicId, IdWindow window)
{
    private readonly Dictionary<(Guid Organisation, Guid Source), int> _repeats = [];

    public int Partition => partition;

    public IdWindow Window => window;

    /// <summary>The offset in <c>received.v1</c> that comes next.</summary>
    public long Next { get; private set; }

    /// <summary>The place of the last record that was written; null before the first.</summary>
    public SourcePosition? Written { get; set; }

    /// <summary>When the window was last written to its file.</summary>
    public long SavedAt { get; set; }

    /// <summary>Whether what comes next is the record of this place.</summary>
    public bool IsAt(Guid topicId, long next) => topicId == receivedTopicId && next == Next;

    /// <summary>Goes on there: after a batch was kept, or once the start is known.</summary>
    public void MoveTo(long next) => Next = next;

    /// <summary>From here to <see cref="MoveTo"/> the state is of no place.</summary>
    public void Begin() => Next = -1;

    /// <summary>What is written of a record: its headers, or null where it repeats one.</summary>
    public IReadOnlyList<Streaming.RecordHeader>? Decide(in ReceivedEvent read, Streaming.Record record)
    {
        var time = record.Time.ToUnixTimeMilliseconds();
        if (read.Id is { } id)
        {
            if (window.Contains(id, time))
            {
                var source = (read.Organisation, read.Source);
                _repeats[source] = _repeats.GetValueOrDefault(source) + 1;
                return null;
            }
            window.Add(id, time, record.Offset);
        }
        else
        {
            window.Pass(time);
        }
        var place = new SourcePosition(receivedTopicId, record.Offset);
        Written = place;
        return HeadersOf(record, place);
    }

    private List<Streaming.RecordHeader> HeadersOf(Streaming.Record record, SourcePosition place)
    {
        var headers = new List<Streaming.RecordHeader>(record.Headers.Count + 2);
        headers.AddRange(record.Headers);
        headers.Add(place.ToHeader());
        if (_repeats.Count == 0) return headers;

        headers.Add(Repeats.ToHeader(
            [.. _repeats.Select(pair => new RepeatCount(pair.Key.Organisation, pair.Key.Source, pair.Value))]));
        _repeats.Clear();
        return headers;
    }
}
