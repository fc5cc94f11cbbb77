namespace Tributary.FirstLight.Tests;

[Category("Integration")]
public sealed class Being_sent_nonsense
{
    private const int Calls = 4_000;
    private const string Requests = "tributary_ingestion_requests_total";

    [Test]
    public async Task What_libraries_send_changed_by_chance_fails_nothing_and_is_all_counted()
    {
        var operations = Whole.Ingestion.Operations;
        var before = MetricsPage.Sum(await MetricsPage.ReadAsync(operations), Requests);
        using var fuzz = new Fuzz(Whole.Ingestion.Http, Capture.AllOf(Whole.House.Tenant));

        var report = await fuzz.RunAsync(Calls, seed: 1);

        var page = await MetricsPage.ReadAsync(operations);
        TestContext.Out.WriteLine(report);
        Assert.That(report.Faults, Is.Empty);
        Assert.That(report.Statuses.Keys, Is.SupersetOf(new[] { 200, 400 }), "some of it is still good");
        Assert.That(MetricsPage.Sum(page, Requests) - before, Is.EqualTo(Calls), "in = kept + refused + unknown");
        Assert.That(MetricsPage.Sum(page, Requests, "outcome=\"unknown\""), Is.Zero);
    }
}
