namespace Tributary.ReadModel.Tests;

public class Replaying_blocks
{
    private const string Counts = """
        select
            (select count() from events),
            (select sum(events) from events_hourly),
            (select sum(events) from events_daily),
            (select sum(events) from users_daily),
            (select sum(events) from sessions),
            (select sum(times) from funnel_steps),
            (select sum(revenue) from events) = (select sum(revenue) from events_hourly),
            (select sum(revenue) from events) = (select sum(revenue) from users_daily)
        """;

    [Test]
    public async Task A_block_that_comes_again_changes_nothing_in_the_table_or_in_any_view()
    {
        await using var model = await Model.CreateAsync();
        var shop = Events.Shop();

        for (var turn = 0; turn < 4; turn++) await model.Insert(shop, "topic/0/0/9");

        Assert.That(await model.Ask(Counts), Is.EqualTo(Expected(10)));
    }

    [Test]
    public async Task A_block_over_three_hundred_months_is_taken_whole_and_once()
    {
        await using var model = await Model.CreateAsync();
        var block = Events.Empty();
        for (var month = 0; month < 300; month++)
        {
            block.Add(Events.Organisation, "order_completed", Events.Start.AddMonths(month), $"p{month % 7}", "c",
                month);
        }

        await model.Insert(block, "topic/1/0/299");
        await model.Insert(block, "topic/1/0/299");

        Assert.Multiple(async () =>
        {
            Assert.That(await model.Ask(Counts), Is.EqualTo(Expected(300)));
            Assert.That(await model.Ask("select uniqExact(toYYYYMM(at)) from events"), Is.EqualTo("300"));
        });
    }

    [Test]
    public async Task Blocks_that_follow_each_other_count_each_once_in_whatever_order_they_are_repeated()
    {
        await using var model = await Model.CreateAsync();
        var blocks = Enumerable.Range(0, 20).Select(number =>
        {
            var block = Events.Empty();
            for (var row = 0; row < 50; row++)
            {
                block.Add(Events.Organisation, "page_viewed", Events.Start.AddMinutes((number * 50) + row),
                    $"p{row % 5}");
            }

            return block;
        }).ToArray();
        var random = new Random(7);
        for (var number = 0; number < blocks.Length; number++)
        {
            await model.Insert(blocks[number], $"topic/2/{number * 50}/{(number * 50) + 49}");
            var again = random.Next(number + 1);
            await model.Insert(blocks[again], $"topic/2/{again * 50}/{(again * 50) + 49}");
        }

        Assert.That(await model.Ask(Counts), Is.EqualTo(Expected(1000)));
    }

    private static string Expected(int events) => string.Join(',', Enumerable.Repeat(events, 6).Append(1).Append(1));
}
