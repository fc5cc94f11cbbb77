using Tributary.ClickHouse.Native;

namespace Tributary.ReadModel.Tests;

/// <summary>Events as ingestion would write them.</summary>
internal static class Events
{
    public static readonly Guid Organisation = Guid.Parse("0192f0c4-0000-7000-8000-000000000001");
    public static readonly Guid Other = Guid.Parse("0192f0c4-0000-7000-8000-000000000002");
    public static readonly DateTime Start = new(2026, 3, 2, 10, 0, 0, DateTimeKind.Utc);

    public static Block Empty() => Block.Of(
        ("organisation", "UUID"), ("event", "LowCardinality(String)"), ("at", "DateTime64(3, 'UTC')"),
            ("person", "String"),
        ("message_id", "String"), ("type", "LowCardinality(String)"), ("session_id", "String"),
        ("utm_campaign", "LowCardinality(String)"), ("revenue", "Decimal(18, 4)"),
            ("currency", "LowCardinality(String)"),
        ("properties", "String"), ("page_url", "String"));

    public static void Add(this Block block, Guid organisation, string name, DateTime at, string person,
        string campaign = "", decimal revenue = 0, string properties = "{}")
    {
        object[] values =
        [
            organisation, name, at, person, $"{organisation:n}-{person}-{name}-{at:O}",
            name == "page_viewed" ? "page" : "track", $"s-{person}-{at:yyyyMMdd}", campaign, revenue,
            revenue == 0 ? "" : "USD", properties, $"https://shop.example/{name}",
        ];
        for (var index = 0; index < values.Length; index++) block[index].AddValue(values[index]);
    }

    /// <summary>Three people of one organisation on their way through a shop, and a stranger of another.</summary>
    public static Block Shop()
    {
        var block = Empty();
        foreach (var (person, campaign, steps) in new[] { ("ann", "spring", 4), ("bob", "autumn", 2), ("cid", "", 1) })
        {
            string[] names = ["page_viewed", "product_added", "checkout_started", "order_completed"];
            for (var step = 0; step < steps; step++)
            {
                block.Add(Organisation, names[step], Start.AddMinutes(step), person, campaign, step == 3 ? 99.5m : 0,
                    """{"plan":"pro"}""");
            }
        }

        block.Add(Organisation, "page_viewed", Start.AddDays(7), "ann", "later");
        block.Add(Organisation, "order_completed", Start.AddDays(35), "ann", "later", 0.5m);
        block.Add(Other, "order_completed", Start, "ann", "theirs", 1000);
        return block;
    }
}
