namespace Tributary.ReadModel.Tests;

public class Asking_as_an_analyst
{
    private Model model = null!;

    [OneTimeSetUp]
    public async Task Fill()
    {
        model = await Model.CreateAsync();
        await model.Insert(Events.Shop(), "shop");
    }

    [OneTimeTearDown]
    public async Task Drop() => await model.DisposeAsync();

    [TestCase("hourly_counts", "2026-03-02 10:00:00,checkout_started,1\n2026-03-02 10:00:00,order_completed,1\n"
        + "2026-03-02 10:00:00,page_viewed,3\n2026-03-02 10:00:00,product_added,2\n2026-03-09 10:00:00,page_viewed,1\n"
        + "2026-04-06 10:00:00,order_completed,1")]
    [TestCase("top_campaigns", "spring,1,99.5\nlater,1,0.5")]
    [TestCase("funnel", "1,1\n2,1\n4,1")]
    [TestCase("retention_by_week", "2026-03-02,0,3\n2026-03-02,1,1\n2026-03-02,5,1")]
    [TestCase("sessions_by_day", "2026-03-02,3,80,1,1\n2026-03-09,1,0,1,1\n2026-04-06,1,0,0,1")]
    [TestCase("distinct_people", "2026-03-02,3\n2026-03-09,1\n2026-04-06,1")]
    [TestCase("path_of_a_person", "2026-03-02 10:00:00,page_viewed,,https://shop.example/page_viewed,0\n"
        + "2026-03-02 10:01:00,product_added,,https://shop.example/product_added,0")]
    [TestCase("revenue_by_first_touch", "spring,1,100\n,1,0\nautumn,1,0")]
    [TestCase("events_by_property", "pro,2")]
    [TestCase("last_minute", "order_completed,1")]
    [TestCase("lifetime_value_by_cohort", "2026-03-01,0,3,33.17\n2026-03-01,1,3,33.33")]
    [TestCase("one_message", "2026-03-02 10:01:00,product_added,bob,{\"plan\":\"pro\"}")]
    public async Task An_example_answers_its_question_for_one_organisation(string name, string rows)
    {
        var query = ReadModelSchema.Queries.Single(file => file.Name == $"{name}.sql").Text;
        var to = name == "last_minute" ? Events.Start.AddMinutes(3).AddSeconds(30) : Events.Start.AddDays(60);
        var from = name == "events_by_property" ? Events.Start : Events.Start.AddDays(-1);
        var message = $"{Events.Organisation:n}-bob-product_added-{Events.Start.AddMinutes(1):O}";

        var answer = await model.Ask(query, ("organisation", Events.Organisation), ("from", from), ("to", to),
            ("person", "bob"), ("property", "plan"), ("event", "product_added"), ("message_id", message));

        Assert.That(answer, Is.EqualTo(rows));
    }

    [Test]
    public void Every_example_is_run_here()
    {
        var tried = GetType().GetMethod(nameof(An_example_answers_its_question_for_one_organisation))!
            .GetCustomAttributes(typeof(TestCaseAttribute), inherit: false).Cast<TestCaseAttribute>()
            .Select(test => $"{test.Arguments[0]}.sql");

        Assert.That(tried, Is.EquivalentTo(ReadModelSchema.Queries.Select(query => query.Name)));
    }
}
