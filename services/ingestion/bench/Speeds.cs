using Tributary.FirstLight;
using Tributary.Testing;
using Tributary.Testing.Crashes;

namespace Tributary.Ingestion.Bench;

/// <summary>Each row given to nginx, an empty Kestrel and ours in turn; the middle one of the turns counts.</summary>
internal static class Speeds
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan QueryableWithin = TimeSpan.FromMinutes(3);
    private static readonly Dictionary<string, string> Nothing = [];

    public static async Task RunAsync(BenchArguments arguments, TextWriter output)
    {
        var measured = new List<Measurement>();
        var acknowledged = arguments.Rows.Where(row => !row.UntilQueryable).ToList();
        if (acknowledged.Count > 0) measured.AddRange(await AcknowledgedAsync(acknowledged, arguments, output));
        foreach (var row in arguments.Rows.Where(row => row.UntilQueryable))
            measured.Add(await QueryableAsync(row, arguments, output));
        Report.Write(measured, output);
    }

    private static async Task<List<Measurement>> AcknowledgedAsync(
        List<Row> rows, BenchArguments arguments, TextWriter output)
    {
        await using var rig = new CrashRig(TimeProvider.System, new RoundBounds());
        List<Subject> subjects = arguments.Peers ? [await Peers.NginxAsync(rig), await Peers.KestrelAsync(rig)] : [];
        var house = await House.StartAsync(rig, CancellationToken.None);
        subjects.Add(await OursAsync(rig, house, "edge", Works.Receive));
        await WarmUpAsync(subjects, rows, rig.Folder.FullName);

        var measured = new List<Measurement>();
        foreach (var row in rows)
        {
            var turns = new List<Measurement>();
            for (var turn = 0; turn < arguments.Turns; turn++)
            {
                foreach (var subject in subjects)
                    turns.Add(await subject.MeasureAsync(row, arguments.Time, rig.Folder.FullName, settleAsync: null));
            }
            var middle = turns.GroupBy(one => one.Subject).Select(Middle).ToList();
            foreach (var one in middle) Say(one, output);
            measured.AddRange(middle);
        }
        return measured;
    }

    private static async Task<Measurement> QueryableAsync(Row row, BenchArguments arguments, TextWriter output)
    {
        await using var rig = new CrashRig(TimeProvider.System, new RoundBounds());
        var house = await House.StartAsync(rig, CancellationToken.None);
        var subject = await OursAsync(rig, house, "ingestion", Works.All);
        await WarmUpAsync([subject], [row], rig.Folder.FullName);
        var before = await SettledAsync(house);

        var measured = await subject.MeasureAsync(row, arguments.Time, rig.Folder.FullName, async load =>
        {
            var wanted = before + load.Accepted * row.EventsInRequest;
            await Eventually.TrueAsync(
                async () => await house.CountAsync("events", CancellationToken.None) >= wanted,
                $"{wanted} rows in ClickHouse", QueryableWithin);
        });
        var count = await house.CountAsync("events", CancellationToken.None);
        output.WriteLine($"  {count - before:N0} rows for {measured.Load.Accepted * row.EventsInRequest:N0} events");
        Say(measured, output);
        return measured;
    }

    // What was sent before must have arrived, or it would be counted with what comes.
    private static async Task<long> SettledAsync(House house)
    {
        var seen = -1L;
        var since = 0;
        await Eventually.TrueAsync(
            async () =>
            {
                var count = await house.CountAsync("events", CancellationToken.None);
                since = count == seen && count > 0 ? since + 1 : 0;
                seen = count;
                await Task.Delay(WarmUp / 4);
                return since >= 8;
            },
            "what warmed it up has arrived", QueryableWithin);
        return seen;
    }

    private static async Task<Subject> OursAsync(CrashRig rig, House house, string name, Works works)
    {
        var edge = await house.AddIngestionAsync(name, works, Nothing, CancellationToken.None);
        string[] names = works == Works.All ? [name, "kafka", "clickhouse", "postgres"] : [name, "kafka"];
        return new(name, edge.Http, [.. names.Select(part => rig.Parts.Single(other => other.Name == part))])
        {
            Operations = edge.Operations,
            Authorization = house.Tenant.Basic,
        };
    }

    private static async Task WarmUpAsync(IReadOnlyList<Subject> subjects, IReadOnlyList<Row> rows, string folder)
    {
        foreach (var subject in subjects)
        {
            foreach (var row in rows.DistinctBy(row => row.Shape))
                await Wrk.RunAsync(row.RequestTo(subject), subject.Address, connections: 32, WarmUp, folder);
        }
    }

    private static Measurement Middle(IEnumerable<Measurement> turns)
    {
        var ordered = turns.OrderBy(one => one.RequestsPerSecond).ToList();
        return ordered[ordered.Count / 2];
    }

    private static void Say(Measurement one, TextWriter output) => output.WriteLine(FormattableString.Invariant(
        $"{one.Row.Name,-20} {one.Subject,-10} {one.RequestsPerSecond,10:N0} requests/s {one.EventsPerSecond,10:N0} ")
        + FormattableString.Invariant($"events/s  p50 {one.Load.Median.TotalMilliseconds:0.00} ms"));
}
