using System.Diagnostics;
using System.Globalization;
using System.Text;
using Tributary.ClickHouse.Columns;
using Tributary.ClickHouse.Native;

namespace Tributary.ClickHouse.Bench;

/// <summary>
/// Event rows of 20 columns into a table without views, 100,000 a block: while one block is under way the next is
/// filled, value by value, by the one thread that there is.
/// </summary>
internal static class Writing
{
    private const int BlockRows = 100_000;
    private const int Blocks = 30;
    private const int Turns = 3;
    private static readonly Guid[] Organisations = [.. Enumerable.Range(1, 50).Select(number => Numbered(8, number))];
    private static readonly string[] Events =
        ["page_viewed", "product_viewed", "product_added", "checkout_started", "order_completed"];
    private static readonly string[] Countries = ["US", "GB", "DE", "FR", "ES", "IT", "PL", "BR", "IN", "JP"];
    private static readonly string[] Systems = ["iOS", "Android", "Windows", "macOS"];
    private static readonly string[] Campaigns = [.. Enumerable.Range(0, 200).Select(number => $"campaign-{number}")];
    private static readonly byte[][] Texts = [.. Enumerable.Range(0, 5000).Select(number => Encoding.UTF8.GetBytes(
        $$"""{"sku":"SKU-{{number}}","plan":"pro","price":{{number % 300}}.99,"title":"Product {{number}}"}"""))];

    public static async Task MeasureAsync(BenchServer server)
    {
        Console.WriteLine($"\n{"writing 3 M event rows",-34}{"rows/s",14}{"MB/s",8}{"bytes/row",11}{"CPU",7}");
        for (var turn = 0; turn < Turns; turn++)
        {
            await server.Client.ExecuteAsync(Table, options: null, CancellationToken.None);
            await WriteAsync(server.Client);
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
        engine = MergeTree partition by toYYYYMM(at) order by (organisation, event, toStartOfHour(at), person)
        """;

    private static async Task WriteAsync(ClickHouseClient client)
    {
        using var process = Process.GetCurrentProcess();
        var (before, processor) = (GC.GetTotalAllocatedBytes(precise: true), process.TotalProcessorTime);
        var clock = Stopwatch.StartNew();
        var (filling, sending) = (Empty(), Empty());
        var sent = Task.FromResult(new InsertOutcome(0, 0));
        var bytes = 0L;
        for (var number = 0; number < Blocks; number++)
        {
            Fill(filling, number * BlockRows);
            bytes += (await sent).WrittenBytes;
            (filling, sending) = (sending, filling);
            filling.Clear();
            sent = client.InsertAsync("written", sending, new InsertOptions { DeduplicationToken = $"{number}" },
                CancellationToken.None);
        }

        bytes += (await sent).WrittenBytes;
        var seconds = clock.Elapsed.TotalSeconds;
        process.Refresh();
        const int Rows = Blocks * BlockRows;
        var allocated = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Rows;
        var share = (process.TotalProcessorTime - processor).TotalSeconds / seconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{"20 columns, 100,000 a block",-34}{Rows / seconds,14:N0}{bytes / seconds / 1e6,8:F0}"
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
        Span<byte> text = stackalloc byte[64];
        foreach (var (name, salt, length) in new[]
        {
            ("person", 1u, 36), ("message_id", 2u, 36), ("user_id", 3u, 12), ("anonymous_id", 1u, 36),
            ("session_id", 4u, 13), ("page_url", 5u, 40),
        })
        {
            var column = (StringColumn)block[name];
            for (var row = first; row < first + BlockRows; row++)
            {
                Scramble(text, (uint)row * salt);
                column.Add(text[..length]);
            }
        }

        var properties = (StringColumn)block["properties"];
        for (var row = first; row < first + BlockRows; row++) properties.Add(Texts[row * 13 % Texts.Length]);
    }

    /// <summary>Sixty-four hexadecimal digits that a number stands for.</summary>
    private static void Scramble(Span<byte> text, uint number)
    {
        var state = (number * 0x9E3779B97F4A7C15UL) + 0xD1B54A32D192ED03UL;
        for (var at = 0; at < text.Length; at += 16)
        {
            state = (state ^ (state >> 27)) * 0x94D049BB133111EBUL;
            state.TryFormat(text[at..], out _, "x16", CultureInfo.InvariantCulture);
        }
    }

    private static Guid Numbered(int version, int number) =>
        new(0x0192f0c4, 0, (short)(version << 12), 0x80, 0, 0, 0, 0, 0, 0, (byte)number);
}
