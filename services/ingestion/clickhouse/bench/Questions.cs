using System.Diagnostics;
using System.Globalization;
using Tributary.ClickHouse;

namespace Tributary.ReadModel.Bench;

/// <summary>
/// Asks each example for an organisation of a fiftieth and for the largest, cold once and warm many times.
/// </summary>
internal static class Questions
{
    private const int Turns = 20;

    public static async Task AskAsync(ClickHouseClient client)
    {
        Console.WriteLine($"\n{"question",-28}{"of",12}{"cold ms",10}{"p50 ms",10}{"p95 ms",10}");
        foreach (var query in ReadModelSchema.Queries)
        {
            foreach (var (name, organisation) in new[]
            {
                ("a fiftieth", GeneratedEvents.AFiftieth), ("the largest", GeneratedEvents.Largest),
            })
            {
                var options = await OptionsAsync(client, organisation, query.Name);
                await client.ExecuteAsync("system drop mark cache", options: null, CancellationToken.None);
                await client.ExecuteAsync("system drop uncompressed cache", options: null, CancellationToken.None);
                var cold = await TimeAsync(client, query.Text, options);
                var warm = new List<double>();
                for (var turn = 0; turn < Turns; turn++) warm.Add(await TimeAsync(client, query.Text, options));
                warm.Sort();
                var (half, most) = (warm[Turns / 2], warm[(int)(Turns * 0.95) - 1]);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{query.Name[..^4],-28}{name,12}{cold,10:F1}{half,10:F1}{most,10:F1}"));
            }
        }
    }

    /// <summary>A week for what reads events, all 90 days for what reads days.</summary>
    private static async Task<QueryOptions> OptionsAsync(ClickHouseClient client, Guid organisation, string query)
    {
        var whole = query is "retention_by_week.sql" or "lifetime_value_by_cohort.sql" or "revenue_by_first_touch.sql";
        var person = await ScalarAsync(client, organisation, "person");
        return new QueryOptions
        {
            Parameters = new Dictionary<string, object?>
            {
                ["organisation"] = organisation,
                ["from"] = whole ? GeneratedEvents.From : GeneratedEvents.From.AddDays(40),
                ["to"] = whole ? GeneratedEvents.To : GeneratedEvents.From.AddDays(47),
                ["person"] = person,
                ["event"] = "product_added",
                ["property"] = "plan",
                ["message_id"] = await ScalarAsync(client, organisation, "message_id"),
            },
        };
    }

    private static async Task<string> ScalarAsync(ClickHouseClient client, Guid organisation, string column)
    {
        await using var reader = await client.QueryAsync(
            $"select {column} from events where organisation = {{organisation:UUID}} limit 1",
            new QueryOptions { Parameters = new Dictionary<string, object?> { ["organisation"] = organisation } },
            CancellationToken.None);
        await reader.ReadAsync(CancellationToken.None);
        return (string)reader.Block[0].Value(0)!;
    }

    private static async Task<double> TimeAsync(ClickHouseClient client, string query, QueryOptions options)
    {
        var clock = Stopwatch.StartNew();
        await using var reader = await client.QueryAsync(query, options, CancellationToken.None);
        while (await reader.ReadAsync(CancellationToken.None))
        {
        }

        return clock.Elapsed.TotalMilliseconds;
    }
}
