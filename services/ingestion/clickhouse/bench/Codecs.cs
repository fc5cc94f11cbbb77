using System.Diagnostics;
using System.Globalization;
using Tributary.ClickHouse;

namespace Tributary.ReadModel.Bench;

/// <summary>
/// The same events, in the order of the table, in a table of one column per trial: bytes per event on disk, and
/// nanoseconds per event of one processor to write them and to read them warm.
/// </summary>
internal static class Codecs
{
    private const int Turns = 5;
    private static readonly string[] OfTimes =
    [
        "LZ4", "ZSTD(1)", "Delta, LZ4", "Delta, ZSTD(1)", "DoubleDelta, LZ4", "DoubleDelta, ZSTD(1)", "T64, LZ4",
        "T64, ZSTD(1)", "Gorilla, ZSTD(1)",
    ];

    private static readonly string[] FewValues = ["event", "utm_campaign", "country", "city", "os"];
    private static readonly string[] OfTexts = ["LZ4", "ZSTD(1)", "ZSTD(3)", "ZSTD(6)"];

    public static async Task CompareAsync(ClickHouseClient client)
    {
        await client.ExecuteAsync("optimize table events final", options: null, CancellationToken.None);
        var events = await Events(client);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"\n{"column",-16}{"type",-26}{"codec",-24}{"bytes",8}{"write ns",10}{"read ns",9}"));
        foreach (var (column, type, codec) in Trials())
        {
            var (bytes, write, read) = await TryAsync(client, column, type, codec, events);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{column,-16}{type,-26}{codec,-24}{bytes,8:F2}{write,10:F0}{read,9:F1}"));
        }
    }

    /// <summary>Else Gorilla is refused for what is no floating-point number.</summary>
    private static QueryOptions Suspicious => new()
    {
        Settings = new Dictionary<string, string> { ["allow_suspicious_codecs"] = "1" },
    };

    private static IEnumerable<(string Column, string Type, string Codec)> Trials() =>
    [
        .. Each("organisation", "UUID", "LZ4", "ZSTD(1)"),
        .. Each("at", "DateTime64(3, 'UTC')", OfTimes),
        .. Each("received_at", "DateTime64(3, 'UTC')", OfTimes),
        .. Each("person", "String", OfTexts),
        .. Each("person", "LowCardinality(String)", "LZ4"),
        .. Each("message_id", "String", OfTexts),
        .. Each("anonymous_id", "String", "LZ4", "ZSTD(1)", "ZSTD(3)"),
        .. Each("session_id", "String", "LZ4", "ZSTD(1)", "ZSTD(3)"),
        .. Each("page_url", "String", OfTexts),
        .. Each("page_url", "LowCardinality(String)", "LZ4"),
        .. FewValues.SelectMany(name => Each(name, "String", "LZ4", "ZSTD(1)")
            .Concat(Each(name, "LowCardinality(String)", "LZ4", "ZSTD(1)"))),
        .. Each("session_start", "Bool", "LZ4", "ZSTD(1)", "T64, ZSTD(1)"),
        .. Each("revenue", "Decimal(18, 4)", "LZ4", "ZSTD(1)", "T64, LZ4", "T64, ZSTD(1)"),
        .. Each("click_ids", "Map(LowCardinality(String), String)", "LZ4", "ZSTD(1)"),
        .. Each("properties", "String", OfTexts),
        .. Each("context", "String", OfTexts),
    ];

    private static IEnumerable<(string Column, string Type, string Codec)> Each(string column, string type,
        params string[] codecs) => codecs.Select(codec => (column, type, codec));

    private static async Task<(double Bytes, double Write, double Read)> TryAsync(ClickHouseClient client,
        string column, string type, string codec, long events)
    {
        await client.ExecuteAsync($"""
            create or replace table codec_trial (value {type} codec({codec})) engine = MergeTree order by tuple()
            settings min_bytes_for_wide_part = 0, min_rows_for_wide_part = 0
            """, Suspicious, CancellationToken.None);
        var text = type.Replace("'", "\\'", StringComparison.Ordinal);
        var given = $"select cast({column}, '{text}') as value from events";
        var made = await BestAsync(client, $"{given} format Null");
        var written = await SecondsAsync(client, $"insert into codec_trial {given}");
        await client.ExecuteAsync("optimize table codec_trial final", options: null, CancellationToken.None);
        var bytes = Convert.ToDouble(await ScalarAsync(client, """
            select sum(data_compressed_bytes) from system.columns
            where database = currentDatabase() and table = 'codec_trial'
            """), CultureInfo.InvariantCulture);
        var read = await BestAsync(client, "select value from codec_trial format Null");
        return (bytes / events, Math.Max(0, written - made) * 1e9 / events, read * 1e9 / events);
    }

    private static async Task<double> BestAsync(ClickHouseClient client, string statement)
    {
        var best = double.MaxValue;
        for (var turn = 0; turn < Turns; turn++) best = Math.Min(best, await SecondsAsync(client, statement));
        return best;
    }

    private static async Task<double> SecondsAsync(ClickHouseClient client, string statement)
    {
        var clock = Stopwatch.StartNew();
        await client.ExecuteAsync(statement, new QueryOptions
        {
            Settings = new Dictionary<string, string> { ["max_threads"] = "1", ["max_insert_threads"] = "1" },
        }, CancellationToken.None);
        return clock.Elapsed.TotalSeconds;
    }

    private static async Task<long> Events(ClickHouseClient client) =>
        Convert.ToInt64(await ScalarAsync(client, "select count() from events"), CultureInfo.InvariantCulture);

    private static async Task<object?> ScalarAsync(ClickHouseClient client, string query)
    {
        await using var reader = await client.QueryAsync(query, options: null, CancellationToken.None);
        await reader.ReadAsync(CancellationToken.None);
        return reader.Block[0].Value(0);
    }
}
