using Tributary.ClickHouse;
using Tributary.Contracts;
using Tributary.Ingestion.Deduplicating;
using Tributary.Ingestion.Storing;
using Tributary.Streaming.Reading;

namespace Tributary.Ingestion.Verifying;

/// <summary>
/// Counts topics, tables and views anew and compares them: by id between the topics, by organisation and hour of
/// receipt between <c>events.v1</c> and the table, by organisation and day between the table and its views. Changes
/// nothing.
/// </summary>
internal sealed class Verify(
    PartitionScans scans, BlockLedger ledger, ClickHouseClient client, WindowBounds window, TimeProvider time)
{
    private const long Hour = 3_600_000;
    private const int DifferencesShownMax = 20;

    public required Action<string> Progress { get; init; }

    /// <summary>Days that every table and view still has.</summary>
    public required int DaysKept { get; init; }

    public async Task<VerifyReport> RunAsync(CancellationToken cancellationToken)
    {
        var count = new TopicCount(scans, Progress);
        var (busy, startedAt) = (false, time.GetUtcNow().ToUnixTimeMilliseconds());
        for (var partition = 0; partition < Topics.Events.Partitions; partition++)
        {
            Progress($"partition {partition} of {Topics.Events.Partitions}");
            var stored = await StoredAsync(partition, cancellationToken);
            await count.AddAsync(partition, stored, window, cancellationToken);
            busy |= await IsMovingAsync(partition, stored, cancellationToken);
        }
        Progress("tables and views");
        var since = count.CompleteSince == long.MinValue ? 0 : ((count.CompleteSince / Hour) + 1) * Hour;
        var rows = await TableCount.ReadAsync(client, since, cancellationToken);
        var until = busy ? startedAt / Hour : long.MaxValue;
        var oldest = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(2 - DaysKept);
        var views = await ViewSums.CompareAsync(client, oldest, time, cancellationToken);
        return new VerifyReport
        {
            Received = count.Received,
            Unreadable = count.Unreadable,
            Repeats = count.Repeats,
            Written = count.Written,
            SkippedByPosition = count.SkippedByPosition,
            Rows = rows.Where(pair => pair.Key.Hour < until).Sum(pair => pair.Value.Events),
            WasBusy = busy,
            Differences =
            [
                .. OfTopics(count),
                .. OfTable(count.Stored, rows, since / Hour, until).Take(DifferencesShownMax),
                .. views.Select(view => $"{view.View} on {view.Days} days, the first of them {view.First}"),
            ],
        };
    }

    private static IEnumerable<string> OfTopics(TopicCount count)
    {
        if (count.Lost > 0) yield return $"{count.Lost} events of received.v1 are not in events.v1";
        if (count.Doubled > 0) yield return $"{count.Doubled} events are in events.v1 twice";
    }

    /// <summary>Pure. Between two hours, the second left out.</summary>
    internal static IEnumerable<string> OfTable(
        IReadOnlyDictionary<HourKey, HourCount> topic, IReadOnlyDictionary<HourKey, HourCount> table, long since,
        long until) =>
        from key in topic.Keys.Union(table.Keys)
        where key.Hour >= since && key.Hour < until
        orderby key.Hour, key.Organisation
        let wanted = topic.GetValueOrDefault(key)
        let found = table.GetValueOrDefault(key)
        where wanted != found
        let hour = DateTimeOffset.FromUnixTimeMilliseconds(key.Hour * Hour)
        select $"{key.Organisation} received at {hour:yyyy-MM-dd HH}h: "
            + (wanted.Events == found.Events
                ? $"{found.Events} rows, but not of the same events"
                : $"{wanted.Events} events in events.v1, {found.Events} rows in ClickHouse");

    private async Task<long> StoredAsync(int partition, CancellationToken cancellationToken)
    {
        var id = await scans.TopicIdAsync(Topics.Events.Name, cancellationToken);
        var stored = await ledger.LoadAsync(StoreBlocks.Events, Topics.Events.Name, [partition], cancellationToken);
        return stored.FirstOrDefault(place => place.TopicId == id)?.NextOffset ?? 0;
    }

    private async Task<bool> IsMovingAsync(int partition, long stored, CancellationToken cancellationToken)
    {
        var log = await scans.RangeAsync(Topics.Events.Name, partition, cancellationToken);
        return log.End != stored || await StoredAsync(partition, cancellationToken) != stored;
    }
}
