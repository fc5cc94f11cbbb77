using System.Diagnostics;
using System.Globalization;
using Tributary.ClickHouse;

namespace Tributary.ReadModel.Bench;

/// <summary>
/// Events of 50 organisations over 90 days, in the order of time. Organisation r of 50 has a share of 1/r (Zipf): the
/// first has 22 %, the eleventh 2 %, the last 0.4 %. Each has a person per 20 of its events, half of whose sessions are
/// of a fifth of them, three in ten known by name. A session has 1 to 13 events (4.8 on average, three in ten have one)
/// half a minute apart and one campaign, device and country; its product is one of 5,000, the first ones most often.
/// </summary>
internal static class GeneratedEvents
{
    private const long Step = 1_000_000;

    public static readonly Guid Largest = Organisation(1);
    public static readonly Guid AFiftieth = Organisation(11);
    public static readonly DateTime From = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    public static readonly DateTime To = From.AddDays(90);

    /// <summary>
    /// Events first, then what each view keeps of them: in one piece an organisation and month, which takes a third of
    /// the time that it takes block by block, and gives the same rows.
    /// </summary>
    public static async Task FillAsync(ClickHouseClient client, string database, long events)
    {
        var clock = Stopwatch.StartNew();
        await ReadModelSchema.MigrateAsync(client, database, new ReadModelOptions(), CancellationToken.None);
        var views = await ViewsAsync(client);
        foreach (var view in views) await ExecuteAsync(client, $"drop table {view.Name} sync");

        for (var start = 0L; start < events; start += Step) await GenerateAsync(client, events, start);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{events:N0} events of 50 organisations: {clock.Elapsed.TotalSeconds:F0} s"));

        foreach (var view in views) await KeepAsync(client, view);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"with the {views.Count} tables kept by views: {clock.Elapsed.TotalSeconds:F0} s"));
    }

    private static Task GenerateAsync(ClickHouseClient client, long events, long start) =>
        client.ExecuteAsync(Statement(), new QueryOptions
        {
            Parameters = new Dictionary<string, object?>
            {
                ["events"] = events,
                ["from"] = From,
                ["start"] = start,
                ["count"] = Math.Min(Step, events - start),
            },
            Settings = OneThread,
        }, CancellationToken.None);

    private static async Task KeepAsync(ClickHouseClient client, View view)
    {
        for (var month = From; month < To.AddDays(1); month = month.AddMonths(1))
        {
            foreach (var (low, high) in new[] { (1, 1), (2, 4), (5, 12), (13, 50) })
            {
                var (first, last) = (Organisation(low), Organisation(high));
                var rows = string.Create(CultureInfo.InvariantCulture,
                    $@"toYYYYMM(at) = {month:yyyyMM} and organisation between \'{first}\' and \'{last}\'");
                await client.ExecuteAsync($"insert into {view.Target} {view.Select}", new QueryOptions
                {
                    Settings = new Dictionary<string, string>(OneThread)
                    {
                        ["additional_table_filters"] = $"{{'events': '{rows}'}}",
                    },
                }, CancellationToken.None);
            }
        }
    }

    private static Dictionary<string, string> OneThread => new()
    {
        ["max_threads"] = "1",
        ["max_insert_threads"] = "1",
    };

    private static async Task<List<View>> ViewsAsync(ClickHouseClient client)
    {
        var views = new List<View>();
        await using var reader = await client.QueryAsync("""
            select name, extract(create_table_query, ' TO [^ ]+\\.`?(\\w+)`? ') as target, as_select
            from system.tables
            where database = currentDatabase() and engine = 'MaterializedView'
            """, options: null, CancellationToken.None);
        while (await reader.ReadAsync(CancellationToken.None))
        {
            for (var row = 0; row < reader.Block.RowCount; row++)
            {
                views.Add(new View((string)reader.Block[0].Value(row)!, (string)reader.Block[1].Value(row)!,
                    (string)reader.Block[2].Value(row)!));
            }
        }

        return views;
    }

    private static Task ExecuteAsync(ClickHouseClient client, string statement) =>
        client.ExecuteAsync(statement, options: null, CancellationToken.None);

    private static string Statement()
    {
        using var stream = typeof(GeneratedEvents).Assembly.GetManifestResourceStream("generated.sql")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static Guid Organisation(int rank) =>
        Guid.Parse(string.Create(CultureInfo.InvariantCulture, $"00000000-0000-7000-8000-{rank:d12}"));

    private sealed record View(string Name, string Target, string Select);
}
