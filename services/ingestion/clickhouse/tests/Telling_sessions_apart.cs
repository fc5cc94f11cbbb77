using Tributary.ClickHouse;

namespace Tributary.ReadModel.Tests;

public class Telling_sessions_apart
{
    private static readonly DateTime Midnight = Events.Start.Date.AddDays(1);

    [Test]
    public async Task Two_visitors_whose_sender_calls_a_session_by_its_moment_have_one_each()
    {
        await using var model = await Model.CreateAsync();

        await Insert(model, Midnight.AddHours(9), "ann's phone");
        await Insert(model, Midnight.AddHours(9), "bob's laptop");

        Assert.That(await Ask(model), Is.EqualTo("2026-03-03,2,0,0,2"));
    }

    [Test]
    public async Task One_over_midnight_counts_once_for_the_day_it_began_on()
    {
        await using var model = await Model.CreateAsync();

        await Insert(model, Midnight.AddMinutes(-5), "ann's phone");
        await Insert(model, Midnight.AddMinutes(5), "ann's phone");

        Assert.Multiple(async () =>
        {
            Assert.That(await Ask(model), Is.EqualTo("2026-03-02,1,600,0,0"));
            Assert.That(await model.Ask("select count() from sessions"), Is.EqualTo("2"));
        });
    }

    private const string Row = """
        insert into events (organisation, event, at, anonymous_id, session_id)
        select {organisation:UUID}, 'product_viewed', {at:DateTime64(3, 'UTC')}, {anonymous:String}, '1772528400000'
        """;

    private static Task Insert(Model model, DateTime at, string anonymous) => model.Client.ExecuteAsync(Row,
        new QueryOptions
        {
            Parameters = new Dictionary<string, object?>
            {
                ["organisation"] = Events.Organisation,
                ["at"] = at,
                ["anonymous"] = anonymous,
            },
        }, CancellationToken.None);

    private static Task<string> Ask(Model model) => model.Ask(
        ReadModelSchema.Queries.Single(query => query.Name == "sessions_by_day.sql").Text,
        ("organisation", Events.Organisation), ("from", Events.Start.Date), ("to", Events.Start.Date.AddDays(7)));
}
