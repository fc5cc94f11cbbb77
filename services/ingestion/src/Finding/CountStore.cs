namespace Tributary.Ingestion.Finding;

/// <summary>Counts what came in, from the rows themselves; the lag also from what is on its way.</summary>
internal sealed class CountStore(EventStore store, EventWindow window, TimeProvider time)
{
    private const string CountStored = """
        select
            countIf(received_at >= {from:DateTime64(3)} and received_at < {to:DateTime64(3)}) as stored,
            max(received_at) as last_received_at,
            toInt64(quantileExactIf(0.99)(
                dateDiff('millisecond', received_at, stored_at), stored_at >= {recently:DateTime64(3)})) as took,
            countIf(stored_at >= {recently:DateTime64(3)}) as lately
        from events
        where organisation = {organisation:UUID}
            and ({source:String} = '' or toString(source) = {source:String})
            and received_at >= least({from:DateTime64(3)}, {recently:DateTime64(3)})
        """;

    private const string CountRefused = """
        select reason, toInt64(count()) as refused
        from events_rejected
        where organisation = {organisation:UUID}
            and ({source:String} = '' or toString(source) = {source:String})
            and received_at >= {from:DateTime64(3)} and received_at < {to:DateTime64(3)}
        group by reason
        order by reason
        """;

    private const string CountRepeats = """
        select toInt64(sum(repeats)) as repeats
        from events_repeated
        where organisation = {organisation:UUID}
            and ({source:String} = '' or toString(source) = {source:String})
            and at >= {from:DateTime64(3)} and at < {to:DateTime64(3)}
        """;

    private static readonly TimeSpan Recently = TimeSpan.FromMinutes(5);

    public async Task<EventCounts> CountAsync(
        LiveScope scope, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var parameters = new Dictionary<string, object?>
        {
            ["organisation"] = scope.Organisation,
            ["source"] = scope.Source?.ToString("D") ?? "",
            ["from"] = from.UtcDateTime,
            ["to"] = to.UtcDateTime,
            ["recently"] = (now - Recently).UtcDateTime,
        };
        var stored = (await store.ReadAsync(CountStored, parameters, StoredCount.Of, cancellationToken)).Single();
        var refused = (await store.ReadAsync(CountRefused, parameters,
            row => KeyValuePair.Create(row.Text("reason"), row.Number("refused")), cancellationToken)).ToDictionary();
        var again = (await store.ReadAsync(
            CountRepeats, parameters, row => row.Number("repeats"), cancellationToken)).Single();
        return new(
            from, to, stored.Count + again + refused.Values.Sum(), stored.Count, again, refused.Values.Sum(), refused,
            stored.LastReceivedAt, LagOf(stored, scope, now));
    }

    private EventLag LagOf(StoredCount stored, LiveScope scope, DateTimeOffset now)
    {
        var waiting = window.Waiting(scope, stored.LastReceivedAt ?? now - Recently);
        var oldest = waiting.Count > 0 ? now - waiting.OldestReceivedAt : TimeSpan.Zero;
        return new(
            waiting.Count > 0 && (stored.Lately == 0 || oldest > stored.Took) ? oldest.TotalMilliseconds
                : stored.Lately > 0 ? stored.Took.TotalMilliseconds
                : null,
            waiting.Count);
    }

    private sealed record StoredCount(long Count, DateTimeOffset? LastReceivedAt, TimeSpan Took, long Lately)
    {
        public static StoredCount Of(EventRow row) => new(
            row.Number("stored"),
            row.Time("last_received_at") is { } last && last > DateTimeOffset.UnixEpoch ? last : null,
            TimeSpan.FromMilliseconds(row.Number("took")),
            row.Number("lately"));
    }
}
