using Tributary.Contracts;
using Tributary.Streaming;
using Tributary.Streaming.Clients;
using Tributary.Streaming.Reading;
using Tributary.Streaming.Writing;

namespace Tributary.Ingestion.Deduplicating;

/// <summary>
/// Builds a partition's window as it was when a place in <c>received.v1</c> had been written: from the file and the
/// records received since, where both are there; otherwise from <c>events.v1</c>, as far back as the window reaches.
/// </summary>
internal sealed class RestoreWindow(PartitionScans scans, WindowFolder folder, WindowBounds bounds)
{
    public WindowBounds Bounds => bounds;

    private static readonly TimeSpan Slack = TimeSpan.FromHours(1); // A window's oldest ids are a little older than it.

    /// <param name="tail">The last record of the partition of <c>events.v1</c>.</param>
    public async Task<IdWindow> ToAsync(
        SourcePosition last, Record tail, LogRange received, CancellationToken cancellationToken) =>
        FromFile(last, tail.Partition, received, cancellationToken)
        ?? await FromEventsAsync(last, tail, cancellationToken);

    private IdWindow? FromFile(
        SourcePosition last, int partition, LogRange received, CancellationToken cancellationToken)
    {
        if (folder.Read(partition, bounds) is not var (saved, window)) return null;
        if (saved.Source != last.Source || saved.Position > last.Position) return null;
        if (saved.Position + 1 < received.Earliest) return null;

        // The same decisions anew: what is written of these records is known, and only the window is wanted.
        var state = new PartitionState(partition, last.Source, window);
        var since = new LogRange(saved.Position + 1, last.Position + 1);
        foreach (var record in scans.Read(Topics.Received.Name, partition, since, cancellationToken))
        {
            if (ReceivedEvent.TryRead(record.Value) is { } read) state.Decide(read, record);
        }
        return window;
    }

    private async Task<IdWindow> FromEventsAsync(
        SourcePosition last, Record tail, CancellationToken cancellationToken)
    {
        var log = await scans.RangeAsync(Topics.Events.Name, tail.Partition, cancellationToken);
        var oldest = tail.Time - bounds.Length - (bounds.Length / 8) - Slack;
        var earliest = await scans.OffsetAtAsync(Topics.Events.Name, tail.Partition, oldest, cancellationToken)
            ?? log.Earliest;
        // The ids that it may hold at most, and as many again for what is there twice; more where that is not enough.
        for (var records = 2L * bounds.IdsMax; ; records *= 2)
        {
            var from = Math.Max(Math.Max(earliest, log.Earliest), tail.Offset + 1 - records);
            var (window, written) = Read(last, tail.Partition, new LogRange(from, tail.Offset + 1), cancellationToken);
            var isWhole = from <= earliest || from <= log.Earliest;
            if (isWhole || written > bounds.IdsMax + (bounds.IdsMax / 16)) return window;
        }
    }

    private (IdWindow Window, long Written) Read(
        SourcePosition last, int partition, LogRange stretch, CancellationToken cancellationToken)
    {
        var window = new IdWindow(bounds);
        var (written, highest) = (0L, new Dictionary<Guid, long>());
        foreach (var record in scans.Read(Topics.Events.Name, partition, stretch, cancellationToken))
        {
            if (SourcePosition.Of(record.Headers) is not { } place) continue;
            if (place.Position <= highest.GetValueOrDefault(place.Source, -1)) continue;
            // Another owner's, who was ahead of the one that wrote last: it comes again.
            if (place.Source == last.Source && place.Position > last.Position) continue;
            highest[place.Source] = place.Position;
            if (ReceivedEvent.TryRead(record.Value) is not { } read) continue;
            var time = record.Time.ToUnixTimeMilliseconds();
            written++;
            if (read.Id is { } id) window.Add(id, time, place.Position);
            else window.Pass(time);
        }
        return (window, written);
    }
}
