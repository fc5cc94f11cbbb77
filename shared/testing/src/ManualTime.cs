namespace Tributary.Testing;

/// <summary>
/// A clock that a test moves. Timers fire inside <see cref="Advance"/>, on the caller's thread, in the order in which
/// they are due, and see the time at which they were due.
/// </summary>
public sealed class ManualTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _guard = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = start;

    public ManualTime() : this(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)) { }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How many timers are waiting: what a test polls before it moves the clock.</summary>
    public int TimersWaiting
    {
        get { lock (_guard) return _timers.Count(timer => timer.DueAt is not null); }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_guard) return _now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var until = GetUtcNow() + by;
        while (TakeDue(until) is { } due) due.Fire();
        lock (_guard) _now = until;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        lock (_guard) _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    private ManualTimer? TakeDue(DateTimeOffset until)
    {
        lock (_guard)
        {
            var due = _timers.Where(timer => timer.DueAt <= until).MinBy(timer => timer.DueAt);
            if (due is null) return null;
            if (due.DueAt > _now) _now = due.DueAt.Value;
            due.DueAt = due.Period > TimeSpan.Zero ? due.DueAt + due.Period : null;
            return due;
        }
    }

    private sealed class ManualTimer(ManualTime time, Action fire) : ITimer
    {
        public DateTimeOffset? DueAt { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._guard)
            {
                if (!time._timers.Contains(this)) return false;
                DueAt = dueTime < TimeSpan.Zero ? null : time._now + dueTime;
                Period = period;
                return true;
            }
        }

        public void Dispose()
        {
            lock (time._guard) time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
