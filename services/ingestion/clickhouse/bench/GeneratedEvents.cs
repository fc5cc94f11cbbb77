using System.Diagnostics;
using System.Globalization;
using Tributary.ClickHouse;

namespace Tributary.ReadModel.Bench;

/// <summary>
/// Events of 50 organisations over 90 days. Organisation r of 50 has a share of 1/r (Zipf): the first has 22 %, the
/// eleventh 2 %, the last 0.4 %. Each has a person per 20 of its events, half of whose events are of a fifth of them.
/// </summary>
internal static class GeneratedEvents
{
    private const long Step = 1_000_000;

    public static readonly Guid Largest = Organisation(1);
    public static readonly Guid AFiftieth = Organisation(11);
    public static readonly DateTime From = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    public static readonly DateTime To = From.AddDays(90);

    private const string Insert = """
        insert into events (organisation, event, at, person, message_id, type, user_id, session_id, received_at,
            channel,
            page_url, utm_source, utm_campaign, country, device, os, browser, revenue, currency, properties)
        with
            arrayCumSum(arrayMap(r -> 1 / r, range(1, 51))) as shares,
            1 + arrayFirstIndex(share -> share >= rand(1) / 4294967296. * shares[50], shares) - 1 as rank,
            toUInt64(greatest(10, {events:UInt64} / 4.5 / rank / 20)) as people,
            if(rand(2) % 2 = 0, rand(3) % people, rand(3) % greatest(1, intDiv(people, 5))) as who,
            toDateTime64({from:DateTime('UTC')}, 3, 'UTC') + toIntervalMillisecond(rand64(4) % 7776000000) as moment,
            ['page_viewed', 'page_viewed', 'page_viewed', 'page_viewed', 'page_viewed', 'product_viewed',
                'product_viewed', 'product_added', 'checkout_started', 'order_completed'][1 + rand(5) % 10] as name
        select
            toUUID(concat('00000000-0000-7000-8000-', leftPad(toString(rank), 12, '0'))),
            name, moment, concat('person-', hex(sipHash64(who, rank))), toString(generateUUIDv4()),
            if(name = 'page_viewed', 'page', 'track'), concat('person-', hex(sipHash64(who, rank))),
            concat(hex(sipHash64(who, rank, toDate(moment))), '-', toString(rand(6) % 3)),
            moment + toIntervalMillisecond(rand(7) % 3000), ['web', 'mobile', 'server'][1 + rand(8) % 3],
            concat('https://shop', toString(rank), '.example/p/', toString(rand(9) % 5000)),
            ['google', 'facebook', 'tiktok', 'newsletter', ''][1 + rand(10) % 5],
                concat('campaign-', toString(rand(11) % 200)),
            ['US', 'GB', 'DE', 'FR', 'ES', 'IT', 'PL', 'BR', 'IN', 'JP'][1 + rand(12) % 10],
            ['desktop', 'mobile', 'tablet'][1 + rand(13) % 3], ['iOS', 'Android', 'Windows', 'macOS'][1 + rand(14) % 4],
            ['Safari', 'Chrome', 'Firefox', 'Edge'][1 + rand(15) % 4],
            if(name = 'order_completed', toDecimal64(rand(16) % 20000 / 100, 4), 0),
                if(name = 'order_completed', 'USD', ''),
            concat('{"sku":"SKU-', toString(rand(17) % 5000), '","plan":"', ['free', 'pro', 'team'][1 + rand(18) % 3],
                '","quantity":', toString(1 + rand(19) % 4), ',"title":"Product number ', toString(rand(20) % 5000),
                    '"}')
        from numbers({start:UInt64}, {count:UInt64})
        settings max_partitions_per_insert_block = 0
        """;

    public static async Task FillAsync(ClickHouseClient client, string database, long events)
    {
        var clock = Stopwatch.StartNew();
        await ReadModelSchema.MigrateAsync(client, database, new ReadModelOptions(), CancellationToken.None);
        for (var start = 0L; start < events; start += Step)
        {
            await client.ExecuteAsync(Insert, new QueryOptions
            {
                Parameters = new Dictionary<string, object?>
                {
                    ["events"] = events,
                    ["from"] = From,
                    ["start"] = start,
                    ["count"] = Math.Min(Step, events - start),
                },
            }, CancellationToken.None);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{events:N0} events of 50 organisations, with five views: {clock.Elapsed.TotalSeconds:F0} s"));
    }

    private static Guid Organisation(int rank) =>
        Guid.Parse(string.Create(CultureInfo.InvariantCulture, $"00000000-0000-7000-8000-{rank:d12}"));
}
