using System.Globalization;

namespace Tributary.Ingestion.Bench;

/// <summary>The command line.</summary>
internal sealed record BenchArguments
{
    public const string Usage = """
        ./tributary bench ingestion [--rows NAME,NAME…] [--seconds N] [--turns N] [--no-peers]
                                    [--extremes NAME,NAME…] [--fuzz N]
          rows      single-32 single-128 single-1024 batch-32 batch-128 gzip-32 gzip-128
                    arrives-single-128 arrives-batch-32, or how a name begins; all of them without it
          extremes  bomb frozen memory: a gzip bomb, a broker that stands still, ten minutes' memory
          fuzz      so many changed requests of SDKs, and nothing else
        """;

    public IReadOnlyList<Row> Rows { get; private init; } = Row.All;

    public IReadOnlyList<string> Extremes { get; private init; } = [];

    public TimeSpan Time { get; private init; } = TimeSpan.FromSeconds(5);

    public int Turns { get; private init; } = 1;

    public bool Peers { get; private init; } = true;

    public int Fuzz { get; private init; }

    /// <returns>Null where something is not understood.</returns>
    public static BenchArguments? Read(string[] words)
    {
        var read = new BenchArguments();
        var rowsChosen = false;
        for (var at = 0; at < words.Length; at++)
        {
            if (words[at] == "--no-peers")
            {
                read = read with { Peers = false };
                continue;
            }
            if (at + 1 == words.Length) return null;
            var value = words[++at];
            if (words[at - 1] == "--rows") rowsChosen = true;
            if (read.With(words[at - 1], value) is not { } more) return null;
            read = more;
        }
        var alone = !rowsChosen && (read.Fuzz > 0 || read.Extremes.Count > 0);
        return alone ? read with { Rows = [] } : read;
    }

    private BenchArguments? With(string name, string value) => name switch
    {
        "--rows" => this with { Rows = [.. Row.All.Where(row => value.Split(',').Any(row.Name.StartsWith))] },
        "--extremes" => this with { Extremes = value.Split(',') },
        "--seconds" => this with { Time = TimeSpan.FromSeconds(Number(value)) },
        "--turns" => this with { Turns = Number(value) },
        "--fuzz" => this with { Fuzz = Number(value) },
        _ => null,
    };

    private static int Number(string value) => int.Parse(value, CultureInfo.InvariantCulture);
}
