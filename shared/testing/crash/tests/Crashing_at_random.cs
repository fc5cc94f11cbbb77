using Tributary.Testing;

namespace Tributary.Crash.Tests;

[Category("Integration")]
public class Crashing_at_random
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    [Test]
    public async Task Nothing_is_lost_doubled_or_inverted_whatever_is_killed_and_frozen([Values(1, 2, 3)] int seed)
    {
        var report = await CountingRound.RunAsync(seed, Window, RealService.KafkaHome, CancellationToken.None);

        TestContext.Progress.WriteLine(report);
        Assert.That(report.IsClean, Is.True, report.ToString());
        Assert.That(report.CountOf("killed") + report.CountOf("frozen"), Is.GreaterThan(3));
    }
}
