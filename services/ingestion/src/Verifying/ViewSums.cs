using Tributary.ClickHouse;

namespace Tributary.Ingestion.Verifying;

/// <summary>Compares each view's sums with the rows that it was made of, by organisation and day or month.</summary>
internal static class ViewSums
{
    private const int TriesMax = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private static readonly (string View, string Of, string Sums)[] All =
    [
        ("events_hourly",
            "select organisation, toDate(at) as day, count() as n, sum(revenue) as r from events group by 1, 2",
            """
            select organisation, toDate(hour) as day, sum(events) as n, sum(revenue) as r
            from events_hourly group by 1, 2
            """),
        ("events_daily",
            "select organisation, toDate(at) as day, count() as n, sum(revenue) as r from events group by 1, 2",
            "select organisation, day, sum(events) as n, sum(revenue) as r from events_daily group by 1, 2"),
        ("users_daily",
            "select organisation, toDate(at) as day, count() as n, sum(revenue) as r from events group by 1, 2",
            "select organisation, day, sum(events) as n, sum(revenue) as r from users_daily group by 1, 2"),
        ("funnel_steps",
            "select organisation, toDate(at) as day, count() as n, 0 as r from events group by 1, 2",
            "select organisation, day, sum(times) as n, 0 as r from funnel_steps group by 1, 2"),
        ("sessions",
            """
            select organisation, toStartOfMonth(toDate(at)) as day, count() as n, sum(revenue) as r
            from events where session_id != '' group by 1, 2
            """,
            """
            select organisation, toStartOfMonth(toDate(started_at)) as day, sum(events) as n, sum(revenue) as r
            from sessions group by 1, 2
            """),
    ];

    /// <summary>
    /// A line for each view that differs, with its first difference. While rows come in, a view may be a moment behind
    /// its table: what differs is looked at again.
    /// </summary>
    /// <param name="since">Days before it may have expired in one place and not in the other.</param>
    public static async Task<IReadOnlyList<ViewDifference>> CompareAsync(
        ClickHouseClient client, DateOnly since, TimeProvider time, CancellationToken cancellationToken)
    {
        List<ViewDifference> different = [];
        foreach (var (view, of, sums) in All)
        {
            for (var tries = 1; ; tries++)
            {
                var found = await DifferencesAsync(client, view, Question(of, sums), since, cancellationToken);
                if (found is null) break;
                if (tries == TriesMax)
                {
                    different.Add(found);
                    break;
                }
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
        return different;
    }

    public static IEnumerable<string> Names => All.Select(one => one.View);

    private static string Question(string of, string sums) => $$"""
        select organisation, day, toInt64(sumIf(n, side = 0)) as rows, toInt64(sumIf(n, side = 1)) as summed
        from
        (
            select organisation, day, toInt64(n) as n, toDecimal128(r, 4) as r, 0 as side from ({{of}})
            union all
            select organisation, day, toInt64(n) as n, toDecimal128(r, 4) as r, 1 as side from ({{sums}})
        )
        where day >= {since:Date}
        group by organisation, day
        having rows != summed or sumIf(r, side = 0) != sumIf(r, side = 1)
        order by organisation, day
        """;

    private static async Task<ViewDifference?> DifferencesAsync(
        ClickHouseClient client, string view, string question, DateOnly since, CancellationToken cancellationToken)
    {
        var options = new QueryOptions { Parameters = new Dictionary<string, object?> { ["since"] = since } };
        await using var reader = await client.QueryAsync(question, options, cancellationToken);
        var (count, first) = (0, "");
        while (await reader.ReadAsync(cancellationToken))
        {
            for (var row = 0; row < reader.Block.RowCount; row++)
            {
                if (count++ > 0) continue;
                var block = reader.Block;
                first = $"{block.Column<Guid>("organisation")[row]} {block.Column<DateOnly>("day")[row]:O}: "
                    + $"{block.Column<long>("rows")[row]} events, {block.Column<long>("summed")[row]} in the view";
            }
        }
        return count == 0 ? null : new ViewDifference(view, count, first);
    }
}

/// <summary>A view that does not sum to its table.</summary>
internal sealed record ViewDifference(string View, int Days, string First);
