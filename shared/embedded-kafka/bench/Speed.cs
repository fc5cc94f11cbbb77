using System.Globalization;

namespace Tributary.EmbeddedKafka.Bench;

/// <summary>
/// One table: each broker a column, each measure a row. The better of two rounds, taken in turn, each in a new process
/// that was warmed up; a topic is fetched several times in each, because a fetch is over soon. Only rows that begin
/// with a word are measured where one is given.
/// </summary>
internal sealed class Speed(string word)
{
    private const int Rounds = 2;
    private const int FetchesInARound = 3;
    private const int WarmUpRecords = 200_000;

    private static readonly (string Name, int Bytes, int Count)[] Sizes =
        [("100 B", 100, 1_000_000), ("1 KB", 1_000, 400_000), ("100 KB", 100_000, 5_000)];

    public async Task RunAsync(string program, string? apacheHome, TextWriter output)
    {
        var starts = new List<Func<Task<Subject>>>
        {
            () => Subject.OursAsync(program, "os"),
            () => Subject.OursAsync(program, "interval"),
            () => Subject.OursAsync(program, "always"),
        };
        if (apacheHome is { Length: > 0 }) starts.Add(() => Subject.ApacheAsync(Path.GetFullPath(apacheHome)));

        var columns = new List<Column>();
        for (var round = 0; round < Rounds; round++)
        {
            for (var index = 0; index < starts.Count; index++)
            {
                await using var subject = await starts[index]();
                if (round == 0) columns.Add(new Column(subject.Name));
                await MeasureAsync(subject, columns[index]);
                await Console.Error.WriteLineAsync($"{subject.Name}: round {round + 1} of {Rounds}");
            }
        }

        Write(columns, output);
    }

    private async Task MeasureAsync(Subject subject, Column column)
    {
        column.Least("start-up, ms", subject.StartedWithin.TotalMilliseconds);
        if (Wants("produce") || Wants("fetch"))
        {
            await ThroughputAsync(new Load(subject.Address, "warm-up"), "warm-up", 100, WarmUpRecords, subject, null);
            foreach (var (name, bytes, count) in Sizes)
                await ThroughputAsync(new Load(subject.Address, $"speed-{bytes}"), name, bytes, count, subject, column);
        }

        if (Wants("end to end"))
        {
            var latency = new Load(subject.Address, "latency");
            await latency.CreateTopicAsync();
            var (p50, p99) = latency.Latency(perSecond: 10_000, seconds: 5);
            column.Least("end to end at 10,000/s, p50 ms", p50);
            column.Least("end to end at 10,000/s, p99 ms", p99);
        }

        column.Least("memory after all, MB", subject.MemoryMegabytes());
    }

    private static async Task ThroughputAsync(
        Load load, string name, int bytes, int count, Subject subject, Column? column)
    {
        await load.CreateTopicAsync();
        var before = subject.CpuSeconds();
        var produced = load.Produce(count, bytes);
        var between = subject.CpuSeconds();
        var fetched = Enumerable.Range(0, FetchesInARound).Max(_ => load.Fetch(count));
        var after = subject.CpuSeconds();
        column?.Most($"produce {name}, records/s", produced);
        column?.Most($"fetch {name}, records/s", fetched);
        column?.Least($"produce {name}, CPU s per million", (between - before) / (count / 1e6));
        column?.Least($"fetch {name}, CPU s per million", (after - between) / (FetchesInARound * count / 1e6));
    }

    private bool Wants(string row) =>
        row.StartsWith(word, StringComparison.Ordinal) || word.StartsWith(row, StringComparison.Ordinal);

    private void Write(List<Column> columns, TextWriter output)
    {
        output.WriteLine($"| | {string.Join(" | ", columns.Select(column => column.Name))} |");
        output.WriteLine($"| --- |{string.Concat(columns.Select(_ => " ---: |"))}");
        foreach (var row in columns[0].Values.Keys.Where(row => row.StartsWith(word, StringComparison.Ordinal)))
        {
            var cells = columns.Select(column => column.Values[row])
                .Select(value => value.ToString(value >= 100 ? "N0" : "0.00", CultureInfo.InvariantCulture));
            output.WriteLine($"| {row} | {string.Join(" | ", cells)} |");
        }
    }

    private sealed record Column(string Name)
    {
        public Dictionary<string, double> Values { get; } = [];

        public void Most(string row, double value) =>
            Values[row] = Math.Max(value, Values.GetValueOrDefault(row, value));

        public void Least(string row, double value) =>
            Values[row] = Math.Min(value, Values.GetValueOrDefault(row, value));
    }
}
