using Tributary.Streaming.Reading;

namespace Tributary.Streaming.Tests;

public class Resting_after_failures
{
    private static readonly ReaderOptions Options = new()
    {
        RetryPauseFirst = TimeSpan.FromMilliseconds(200),
        RetryPauseMax = TimeSpan.FromSeconds(30),
    };

    [TestCase(1, 200)]
    [TestCase(2, 400)]
    [TestCase(5, 3_200)]
    [TestCase(9, 30_000)]
    [TestCase(1_000_000, 30_000)]
    public void The_pause_doubles_up_to_its_bound_less_at_most_a_half(int failures, int milliseconds)
    {
        var chance = new Random(7);

        var pauses = Enumerable.Range(0, 100).Select(_ => RetryPause.After(failures, Options, chance)).ToArray();

        Assert.That(pauses.Max(), Is.LessThanOrEqualTo(TimeSpan.FromMilliseconds(milliseconds)));
        Assert.That(pauses.Min(), Is.GreaterThanOrEqualTo(TimeSpan.FromMilliseconds(milliseconds / 2d)));
        Assert.That(pauses.Distinct().Count(), Is.GreaterThan(50), "they do not return together");
    }
}
