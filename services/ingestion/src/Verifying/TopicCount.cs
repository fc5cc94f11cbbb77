using System.Text;
using Tributary.Contracts;
using Tributary.Ingestion.Deduplicating;
using Tributary.Ingestion.Storing;
using Tributary.Streaming.Clients;
using Tributary.Streaming.Reading;
using Tributary.Streaming.Writing;

namespace Tributary.Ingestion.Verifying;

/// <summary>
/// What a partition of <c>events.v1</c> holds, as its readers see it, and whether all of <c>received.v1</c> that it was
/// made of is there.
/// </summary>
internal sealed class TopicCount(PartitionScans scans, Action<string> progress)
{
    private const int RecordsBetweenWords = 1_000_000;
    private const int IdsMax = 100_000_000;

    /// <summary>By hour of receipt; only what lies before the writer's stored offset.</summary>
    public Dictionary<HourKey, HourCount> Stored { get; } = [];

    public long Received { get; private set; }

    public long Written { get; private set; }

    public long SkippedByPosition { get; private set; }

    public long Repeats { get; private set; }

    /// <summary>Ids of <c>received.v1</c> that <c>events.v1</c> does not hold.</summary>
    public long Lost { get; private set; }

    /// <summary>Ids that <c>events.v1</c> holds twice within the window.</summary>
    public long Doubled { get; private set; }

    /// <summary>Records that are no events; they are in dead letters.</summary>
    public long Unreadable { get; private set; }

    /// <summary>Before this time of receipt <c>events.v1</c> may have expired.</summary>
    public long CompleteSince { get; private set; } = long.MinValue;

    public async Task AddAsync(
        int partition, long storedNext, WindowBounds window, CancellationToken cancellationToken)
    {
        var events = await scans.RangeAsync(Topics.Events.Name, partition, cancellationToken);
        var received = await scans.RangeAsync(Topics.Received.Name, partition, cancellationToken);
        var source = await scans.TopicIdAsync(Topics.Received.Name, cancellationToken);
        var (ids, last) = ReadEvents(partition, events, storedNext, window, cancellationToken);
        var until = last.GetValueOrDefault(source, -1) + 1;
        ReadReceived(partition, received with { End = Math.Min(received.End, until) }, ids, cancellationToken);
    }

    private (IdWindow Ids, Dictionary<Guid, long> Last) ReadEvents(
        int partition, LogRange log, long storedNext, WindowBounds bounds, CancellationToken cancellationToken)
    {
        var all = new IdWindow(new WindowBounds(TimeSpan.FromDays(3_650), IdsMax));
        var window = new IdWindow(bounds);
        var last = new Dictionary<Guid, long>();
        foreach (var record in scans.Read(Topics.Events.Name, partition, log, cancellationToken))
        {
            Say(Topics.Events.Name, partition, record.Offset - log.Earliest, log);
            if (SourcePosition.Of(record.Headers) is not { } place) continue;
            if (ReceivedEvent.TryRead(record.Value) is not { } read) continue;
            if (place.Position <= last.GetValueOrDefault(place.Source, -1))
            {
                SkippedByPosition++;
                continue;
            }
            last[place.Source] = place.Position;
            var time = record.Time.ToUnixTimeMilliseconds();
            Written++;
            Repeats += Deduplicating.Repeats.Of(record.Headers).Sum(count => (long)count.Repeats);
            if (read.Id is { } id)
            {
                if (window.Contains(id, time)) Doubled++;
                window.Add(id, time, place.Position);
                all.Add(id, time, place.Position);
            }
            AddStored(record, read, isFirst: record.Offset == log.Earliest && log.Earliest > 0, storedNext);
        }
        return (all, last);
    }

    private void AddStored(Streaming.Record record, ReceivedEvent read, bool isFirst, long storedNext)
    {
        var fields = new EventFields(record.Value);
        var receivedAt = EventTime.ReceivedAt(fields.Time(8), record.Time);
        if (isFirst) CompleteSince = Math.Max(CompleteSince, receivedAt);
        if (record.Offset >= storedNext) return;
        var key = new HourKey(read.Organisation, receivedAt / 3_600_000);
        Stored[key] = Stored.GetValueOrDefault(key).With(Encoding.UTF8.GetString(fields[3]));
    }

    private void ReadReceived(int partition, LogRange log, IdWindow ids, CancellationToken cancellationToken)
    {
        foreach (var record in scans.Read(Topics.Received.Name, partition, log, cancellationToken))
        {
            Say(Topics.Received.Name, partition, record.Offset - log.Earliest, log);
            Received++;
            if (ReceivedEvent.TryRead(record.Value) is not { } read) Unreadable++;
            else if (read.Id is { } id && !ids.Contains(id, time: 0)) Lost++;
        }
    }

    private void Say(string topic, int partition, long read, LogRange log)
    {
        if (read > 0 && read % RecordsBetweenWords == 0)
            progress($"{topic}[{partition}]: {read} of {log.End - log.Earliest} records");
    }
}
