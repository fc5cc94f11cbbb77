namespace Tributary.FirstLight.Tests;

[Category("Integration")]
public sealed class Crashing_at_random
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    [Test]
    public async Task Each_event_acknowledged_is_in_the_topic_the_table_and_the_sums_once_whatever_is_killed_and_frozen(
        [Values(1, 2, 3)] int seed)
    {
        var report = await CrashingRound.RunAsync(seed, Window, CancellationToken.None);

        TestContext.Progress.WriteLine(report);
        Assert.That(report.IsClean, Is.True, report.ToString());
        Assert.That(report.CountOf("killed") + report.CountOf("frozen"), Is.GreaterThan(3));
    }
}
