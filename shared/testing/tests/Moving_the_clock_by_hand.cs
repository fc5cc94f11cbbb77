namespace Tributary.Testing.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class Moving_the_clock_by_hand
{
    private readonly ManualTime _time = new();
    private readonly List<string> _fired = [];

    [Test]
    public void Time_stands_still_until_it_is_moved()
    {
        var before = (_time.GetUtcNow(), _time.GetTimestamp());

        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.Multiple(() =>
        {
            Assert.That(_time.GetUtcNow() - before.Item1, Is.EqualTo(TimeSpan.FromSeconds(3)));
            Assert.That(_time.GetElapsedTime(before.Item2), Is.EqualTo(TimeSpan.FromSeconds(3)));
        });
    }

    [Test]
    public void Timers_fire_in_the_order_of_their_time_and_see_it()
    {
        var start = _time.GetUtcNow();
        using var late = Timer("late", dueSeconds: 5);
        using var every2 = Timer("every 2", dueSeconds: 2, periodSeconds: 2);

        _time.Advance(TimeSpan.FromSeconds(6.5));

        Assert.That(_fired, Is.EqualTo(new[] { "every 2 at 2", "every 2 at 4", "late at 5", "every 2 at 6" }));
        Assert.That(_time.GetUtcNow() - start, Is.EqualTo(TimeSpan.FromSeconds(6.5)));
    }

    [Test]
    public void A_timer_that_is_disposed_or_changed_to_never_does_not_fire()
    {
        var disposed = Timer("disposed", dueSeconds: 1);
        using var never = Timer("never", dueSeconds: 1);

        disposed.Dispose();
        never.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.That(_fired, Is.Empty);
        Assert.That(_time.TimersWaiting, Is.Zero);
    }

    [Test]
    public async Task A_delay_ends_when_the_clock_is_moved_past_it()
    {
        var delay = Task.Delay(TimeSpan.FromMinutes(5), _time);
        _time.Advance(TimeSpan.FromMinutes(4));
        var early = delay.IsCompleted;

        _time.Advance(TimeSpan.FromMinutes(1));
        await delay.WaitAsync(TimeSpan.FromSeconds(5));

        Assert.That(early, Is.False);
    }

    private ITimer Timer(string name, double dueSeconds, double periodSeconds = 0)
    {
        var start = _time.GetUtcNow();
        return _time.CreateTimer(
            _ => _fired.Add(FormattableString.Invariant($"{name} at {(_time.GetUtcNow() - start).TotalSeconds}")),
            null, TimeSpan.FromSeconds(dueSeconds), TimeSpan.FromSeconds(periodSeconds));
    }
}
