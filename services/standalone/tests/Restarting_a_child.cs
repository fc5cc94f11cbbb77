using Tributary.Standalone.Children;

namespace Tributary.Standalone.Tests;

public class Restarting_a_child
{
    private static readonly ChildOptions Options = new()
    {
        PauseFirst = TimeSpan.FromSeconds(1),
        PauseMax = TimeSpan.FromSeconds(30),
        ForgivenAfter = TimeSpan.FromMinutes(1),
    };

    [TestCase(0, 1)]
    [TestCase(1, 2)]
    [TestCase(2, 4)]
    [TestCase(4, 16)]
    public void Each_failure_in_a_row_waits_twice_as_long(int failuresBefore, int seconds)
    {
        var decision = Restart.Decide(failuresBefore, wellFor: TimeSpan.Zero, Options);

        Assert.That(decision, Is.EqualTo(new RestartDecision(failuresBefore + 1, TimeSpan.FromSeconds(seconds))));
    }

    [TestCase(5)]
    [TestCase(1_000)]
    [TestCase(int.MaxValue)]
    public void No_pause_is_longer_than_the_longest(int failuresBefore) => Assert.That(
        Restart.Decide(failuresBefore, wellFor: TimeSpan.Zero, Options).Pause, Is.EqualTo(TimeSpan.FromSeconds(30)));

    [Test]
    public void A_child_that_was_well_for_long_enough_is_forgiven() => Assert.That(
        Restart.Decide(failuresBefore: 9, wellFor: TimeSpan.FromMinutes(1), Options),
        Is.EqualTo(new RestartDecision(1, TimeSpan.FromSeconds(1))));

    [Test]
    public void A_child_that_was_well_for_almost_long_enough_is_not() => Assert.That(
        Restart.Decide(failuresBefore: 3, wellFor: TimeSpan.FromSeconds(59.9), Options),
        Is.EqualTo(new RestartDecision(4, TimeSpan.FromSeconds(8))));
}
