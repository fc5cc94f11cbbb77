using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tributary.ClickHouse.Columns;
using Tributary.ClickHouse.Native;

namespace Tributary.ClickHouse.Bench;

/// <summary>
/// Event rows of 20 columns into a table without views, 100,000 a block: while two blocks are under way, as from the
/// writers of two partitions, the next is filled, value by value, by the one thread that there is.
/// </summary>
internal static class Writing
{
    private const int BlockRows = 100_000;
    private const int Blocks = 30;
    private const int Turns = 3;
    private const int UnderWay = 2;
    private static readonly Guid[] Organisations = [.. Enumerable.Range(1, 50).Select(number => Numbered(8, number))];
    private static readonly string[] Events =
        ["page_viewed", "product_viewed", "product_added", "checkout_started", "order_completed"];
    private static readonly string[] Countries = ["US", "GB", "DE", "FR", "ES", "IT", "PL", "BR", "IN", "JP"];
    private static readonly string[] Systems = ["iOS", "Android", "Windows", "macOS"];
    private static readonly string[] Campaigns = [.. Enumerable.Range(0, 200).Select(number => $"campaign-{number}")];
    private const int NamesCount = 1_000_003;
    private const int NameLength = 40;
    private static readonly byte[] Names = Encoding.ASCII.GetBytes(
        RandomNumberGenerator.GetHexString(NamesCount * NameLength, lowercase: true));
    private static readonly byte[][] Texts = [.. Enumerable.Range(0, 5000).Select(number => Encoding.UTF8.GetBytes(
        $$"""{"sku":"SKU-{{number}}","plan":"pro","price":{{number % 300}}.99,"title":"Product {{number}}"}"""))];

    public static async Task MeasureAsync(BenchServer server)
    {
        Console.WriteLine($"\n{"writing 3 M rows, 20 columns",-34}{"rows/s",14}{"MB/s",8}{"bytes/row",11}{"CPU",7}");
        for (var turn = 0; turn < Turns; turn++)
        {
            await WriteAsync(server.Client, "MergeTree", Sorted);
            await WriteAsync(server.Client, "Null (what the client can)", "engine = Null");
        }
    }

    private const string Table = """
        create or replace table written
        (
            organisation UUID, event LowCardinality(String), at DateTime64(3, 'UTC'), person String,
            message_id String, type LowCardinality(String), source UUID, user_id String, anonymous_id String,
            session_id String, received_at DateTime64(3, 'UTC'), channel LowCardinality(String), page_url String,
            utm_source LowCardinality(String), utm_campaign LowCardinality(String), country LowCardinality(String),
            device LowCardinality(String), os LowCardinality(String), revenue Decimal(18, 4), properties String
        )

        """;

    private const string Sorted =
        "engine = MergeTree partition by toYYYYMM(at) order by (organisation, event, toStartOfHour(at), person)";

    private static async Task WriteAsync(ClickHouseClient client, string name, string engine)
    {
        await client.ExecuteAsync(Table + engine, options: null, CancellationToken.None);
        using var process = Process.GetCurrentProcess();
        var (before, processor) = (GC.GetTotalAllocatedBytes(precise: true), process.TotalProcessorTime);
        var clock = Stopwatch.StartNew();
        var blocks = Enumerable.Range(0, UnderWay + 1).Select(_ => Empty()).ToArray();
        var sent = blocks.Select(_ => Task.FromResult(new InsertOutcome(0, 0))).ToArray();
        var bytes = 0L;
        for (var number = 0; number < Blocks; number++)
        {
            var block = blocks[number % blocks.Length];
            bytes += (await sent[number % blocks.Length]).WrittenBytes;
            block.Clear();
            Fill(block, number * BlockRows);
            sent[number % blocks.Length] = client.InsertAsync("written", block,
                new InsertOptions { DeduplicationToken = $"{number}" }, CancellationToken.None);
        }

        foreach (var outcome in await Task.WhenAll(sent)) bytes += outcome.WrittenBytes;
        var seconds = clock.Elapsed.TotalSeconds;
        process.Refresh();
        const int Rows = Blocks * BlockRows;
        var allocated = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Rows;
        var share = (process.TotalProcessorTime - processor).TotalSeconds / seconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-34}{Rows / seconds,14:N0}{bytes / seconds / 1e6,8:F0}"
            + $"{allocated,11:F1}{share,7:P0}"));
    }

    private static Block Empty() => Block.Of(
        ("organisation", "UUID"), ("event", "LowCardinality(String)"), ("at", "DateTime64(3, 'UTC')"),
        ("person", "String"), ("message_id", "String"), ("type", "LowCardinality(String)"), ("source", "UUID"),
        ("user_id", "String"), ("anonymous_id", "String"), ("session_id", "String"),
        ("received_at", "DateTime64(3, 'UTC')"), ("channel", "LowCardinality(String)"), ("page_url", "String"),
        ("utm_source", "LowCardinality(String)"), ("utm_campaign", "LowCardinality(String)"),
        ("country", "LowCardinality(String)"), ("device", "LowCardinality(String)"), ("os", "LowCardinality(String)"),
        ("revenue", "Decimal(18, 4)"), ("properties", "String"));

    private static void Fill(Block block, int first)
    {
        var organisation = block.Column<Guid>("organisation");
        var (at, received) = (block.Column<DateTime>("at"), block.Column<DateTime>("received_at"));
        var source = block.Column<Guid>("source");
        var revenue = block.Column<decimal>("revenue");
        for (var row = first; row < first + BlockRows; row++)
        {
            organisation.Add(Organisations[row * 7 % 50]);
            at.Add(DateTime.UnixEpoch.AddMilliseconds(1_772_000_000_000 + (row * 3L)));
            source.Add(Organisations[row * 7 % 50]);
            received.Add(DateTime.UnixEpoch.AddMilliseconds(1_772_000_000_000 + (row * 3L) + (row % 997)));
            revenue.Add(row % 10 == 9 ? row % 20_000 / 100m : 0);
        }

        FillFew(block, first);
        FillTexts(block, first);
    }

    private static void FillFew(Block block, int first)
    {
        foreach (var (name, values) in new[]
        {
            ("event", Events), ("type", Events), ("channel", Systems), ("utm_source", Countries),
            ("utm_campaign", Campaigns), ("country", Countries), ("device", Systems), ("os", Systems),
        })
        {
            var column = block.Column<string>(name);
            for (var row = first; row < first + BlockRows; row++) column.Add(values[row * 31 % values.Length]);
        }
    }

    private static void FillTexts(Block block, int first)
    {
        foreach (var (name, salt, length) in new[]
        {
            ("person", 1u, 36), ("message_id", 2u, 36), ("user_id", 3u, 12), ("anonymous_id", 1u, 36),
            ("session_id", 4u, 13), ("page_url", 5u, 40),
        })
        {
            var column = (StringColumn)block[name];
            for (var row = first; row < first + BlockRows; row++)
            {
                column.Add(Names.AsSpan((int)((uint)row * salt % NamesCount * NameLength), length));
            }
        }

        var properties = (StringColumn)block["properties"];
        for (var row = first; row < first + BlockRows; row++) properties.Add(Texts[row * 13 % Texts.Length]);
    }

    private static Guid Numbered(int version, int number) =>
        new(0x0192f0c4, 0, (short)(version << 12), 0x80, 0, 0, 0, 0, 0, 0, (byte)number);
}
