namespace Tributary.Ingestion.Finding;

/// <summary>
/// Which of many are shown: each until there are too many in a second, then one in so many as the second before would
/// have asked for, and never more than the bound. One thread at a time.
/// </summary>
internal sealed class Sampling(int perSecondMax)
{
    private DateTimeOffset _second;
    private int _came;
    private int _shown;
    private int _every = 1;

    /// <summary>What came in the second before.</summary>
    public int PerSecond { get; private set; }

    public bool Shows(DateTimeOffset now)
    {
        Turn(now);
        var shows = _came++ % _every == 0 && _shown < perSecondMax;
        if (shows) _shown++;
        return shows;
    }

    /// <summary>One in how many is shown.</summary>
    public int Every(DateTimeOffset now)
    {
        Turn(now);
        return Math.Max(_every, _came == 0 ? 1 : (_came + perSecondMax - 1) / perSecondMax);
    }

    private void Turn(DateTimeOffset now)
    {
        var passed = now - _second;
        if (passed < TimeSpan.FromSeconds(1)) return;

        PerSecond = passed < TimeSpan.FromSeconds(2) ? _came : 0;
        _every = Math.Max(1, (PerSecond + perSecondMax - 1) / perSecondMax);
        (_came, _shown, _second) = (0, 0, now);
    }
}
