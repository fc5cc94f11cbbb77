using System.Globalization;

namespace Tributary.EmbeddedKafka.Bench;

/// <summary>One table: each broker a column, each measure a row. The better of two rounds, taken in turn.</summary>
internal static class Speed
{
    private const int Rounds = 2;

    private static readonly (string Name, int Bytes, int Count)[] Sizes =
        [("100 B", 100, 1_000_000), ("1 KB", 1_000, 400_000), ("100 KB", 100_000, 5_000)];

    public static async Task RunAsync(string program, string? apacheHome, TextWriter output)
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

    private static async Task MeasureAsync(Subject subject, Column column)
    {
        column.Least("start-up, ms", subject.StartedWithin.TotalMilliseconds);
        foreach (var (name, bytes, count) in Sizes)
        {
            var load = new Load(subject.Address, $"speed-{bytes}");
            await load.CreateTopicAsync();
            var before = subject.CpuSeconds();
            column.Most($"produce {name}, records/s", load.Produce(count, bytes));
            var between = subject.CpuSeconds();
            column.Most($"fetch {name}, records/s", load.Fetch(count));
            var millions = count / 1e6;
            column.Least($"produce {name}, CPU s per million", (between - before) / millions);
            column.Least($"fetch {name}, CPU s per million", (subject.CpuSeconds() - between) / millions);
        }

        var latency = new Load(subject.Address, "latency");
        await latency.CreateTopicAsync();
        var (p50, p99) = latency.Latency(perSecond: 10_000, seconds: 5);
        column.Least("end to end at 10,000/s, p50 ms", p50);
        column.Least("end to end at 10,000/s, p99 ms", p99);
        column.Least("memory after all, MB", subject.MemoryMegabytes());
    }

    private static void Write(List<Column> columns, TextWriter output)
    {
        output.WriteLine($"| | {string.Join(" | ", columns.Select(column => column.Name))} |");
        output.WriteLine($"| --- |{string.Concat(columns.Select(_ => " ---: |"))}");
        foreach (var row in columns[0].Values.Keys)
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
