using System.Diagnostics;
using System.Globalization;
using Tributary.ClickHouse.Columns;
using Tributary.ClickHouse.Native;

namespace Tributary.ClickHouse.Bench;

/// <summary>
/// Ten million rows of three columns: by the fast face, every value added up, and by curl, which throws the same bytes
/// away. By turns, so that whatever else the machine does meets both; the best turn of each counts.
/// </summary>
internal static class Reading
{
    private const int Rows = 10_000_000;
    private const int Turns = 7;
    private const string Numbers = "select id, at, amount from readings";
    private const string Texts = "select id, at, name from readings";

    public static async Task MeasureAsync(BenchServer server)
    {
        await FillAsync(server.Client);
        Console.WriteLine($"\n{"reading 10 M rows",-34}{"rows/s",14}{"MB/s",8}{"of curl",9}{"bytes/row",11}{"CPU",7}");
        await CompareAsync(server, "UInt64, DateTime64, Float64", Numbers, AddNumbers);
        await CompareAsync(server, "UInt64, DateTime64, String", Texts, AddTexts);
    }

    private static async Task FillAsync(ClickHouseClient client)
    {
        await client.ExecuteAsync($"create database if not exists {BenchServer.Database}", new QueryOptions
        {
            Settings = new Dictionary<string, string> { ["database"] = "default" },
        }, CancellationToken.None);
        await client.ExecuteAsync("""
            create or replace table readings (id UInt64, at DateTime64(3, 'UTC'), amount Float64, name String)
            engine = MergeTree order by id
            """, options: null, CancellationToken.None);
        await client.ExecuteAsync($"""
            insert into readings
            select number, toDateTime64('2026-01-01 00:00:00', 3, 'UTC') + toIntervalMillisecond(number * 777),
                number % 10000 / 100, concat('product-', toString(number % 100000))
            from numbers({Rows})
            """, options: null, CancellationToken.None);
        await client.ExecuteAsync("optimize table readings final", options: null, CancellationToken.None);
    }

    private static async Task CompareAsync(BenchServer server, string name, string query, Func<Block, long> add)
    {
        var (ours, curls) = (new List<Turn>(), new List<Turn>());
        for (var turn = 0; turn < Turns; turn++)
        {
            ours.Add(await ReadAsync(server.Client, query, add));
            curls.Add(await CurlAsync(server.Address, query));
        }

        var (own, curl) = (ours.MinBy(turn => turn.Seconds)!, curls.MinBy(turn => turn.Seconds)!);
        Print(name, own, curl.Bytes, (curl.Seconds / own.Seconds).ToString("F2", CultureInfo.InvariantCulture));
        Print("  curl, to nowhere", curl, curl.Bytes, "");
    }

    private static async Task<Turn> ReadAsync(ClickHouseClient client, string query, Func<Block, long> add)
    {
        using var process = Process.GetCurrentProcess();
        var (before, processor) = (GC.GetTotalAllocatedBytes(precise: true), process.TotalProcessorTime);
        var clock = Stopwatch.StartNew();
        var (rows, sum) = (0, 0L);
        await using (var reader = await client.QueryAsync(query, options: null, CancellationToken.None))
        {
            while (await reader.ReadAsync(CancellationToken.None))
            {
                rows += reader.Block.RowCount;
                sum += add(reader.Block);
            }
        }

        var seconds = clock.Elapsed.TotalSeconds;
        if (rows != Rows || sum == 0) throw new InvalidOperationException($"{rows} rows came, with the sum {sum}.");
        process.Refresh();
        return new Turn(seconds, (process.TotalProcessorTime - processor).TotalSeconds, Bytes: 0,
            (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Rows);
    }

    private static long AddNumbers(Block block)
    {
        var sum = 0.0;
        foreach (var id in ((FixedColumn<ulong>)block[0]).Values) sum += id;
        foreach (var at in ((ConvertedColumn<long, DateTime>)block[1]).Kept.Values) sum += at;
        foreach (var amount in ((FixedColumn<double>)block[2]).Values) sum += amount;
        return (long)sum;
    }

    private static long AddTexts(Block block)
    {
        var sum = 0UL;
        foreach (var id in ((FixedColumn<ulong>)block[0]).Values) sum += id;
        foreach (var at in ((ConvertedColumn<long, DateTime>)block[1]).Kept.Values) sum += (ulong)at;
        var names = (StringColumn)block[2];
        for (var row = 0; row < names.Count; row++) sum += (ulong)names.Bytes(row).Length;
        return (long)(sum >> 1);
    }

    /// <summary>The shell's clock says what curl took of the processor.</summary>
    private static async Task<Turn> CurlAsync(string address, string query)
    {
        const string Script = """
            TIMEFORMAT='%U %S'
            time curl -sS -o /dev/null -w '%{time_total} %{size_download}\n' --data-binary "$2" "$1"
            """;
        using var bash = Process.Start(new ProcessStartInfo("bash",
            ["-c", Script, "curl", $"{address}/?database={BenchServer.Database}&default_format=Native", query])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, errors) = (bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
        var (numbers, times) = (Numbered(await output), Numbered(await errors));
        await bash.WaitForExitAsync();
        return new Turn(numbers[0], times[0] + times[1], numbers[1], Allocated: 0);
    }

    private static double[] Numbered(string text) => [.. text.Split(' ', StringSplitOptions.TrimEntries)
        .Select(part => double.Parse(part, CultureInfo.InvariantCulture))];

    private static void Print(string name, Turn turn, double bytes, string ratio) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-34}{Rows / turn.Seconds,14:N0}{bytes / turn.Seconds / 1e6,8:F0}{ratio,9}"
            + $"{turn.Allocated,11:F3}{turn.Processor / turn.Seconds,7:P0}"));

    private sealed record Turn(double Seconds, double Processor, double Bytes, double Allocated);
}
