namespace Tributary.Testing.Crashes;

/// <summary>What is done to a part.</summary>
public enum Harm
{
    /// <summary>SIGKILL, and a new start after the time of the act.</summary>
    Kill,

    /// <summary>SIGSTOP, and SIGCONT after the time of the act.</summary>
    Freeze,
}

/// <summary>One harm to one part. Acts of one moment happen at once.</summary>
/// <param name="At">From the beginning of the round.</param>
/// <param name="Lasts">How long the part stays killed or frozen.</param>
public sealed record Act(TimeSpan At, Harm Harm, string Part, TimeSpan Lasts)
{
    public override string ToString() => FormattableString.Invariant(
        $"{At.TotalSeconds,5:0.0} s  {Harm.ToString().ToLowerInvariant(),-6}  {Part} for {Lasts.TotalSeconds:0.0} s");
}

/// <summary>A part that may be harmed, and how.</summary>
public sealed record Target(string Part)
{
    /// <summary>How long it stays killed at most; zero spares it.</summary>
    public TimeSpan DownMax { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long it stays frozen at most; zero spares it.</summary>
    public TimeSpan FrozenMax { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long it is left alone after it was harmed, so that it gets up at all.</summary>
    public TimeSpan LeftAlone { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>
/// Plans the harm of a round. Pure: the same seed over the same targets gives the same acts. Each target is harmed at
/// least once where the window has room; no part is harmed while it still suffers; all is over when the window ends.
/// </summary>
public static class Mayhem
{
    /// <summary>No plan is longer than this.</summary>
    public const int ActsMax = 200;

    private static readonly TimeSpan LastsMin = TimeSpan.FromMilliseconds(100);

    /// <param name="window">All acts begin and end in it.</param>
    /// <param name="pauseMax">Between two moments there is at most this much time.</param>
    public static IReadOnlyList<Act> Plan(
        int seed, IReadOnlyList<Target> targets, TimeSpan window, TimeSpan pauseMax)
    {
        var chance = new Random(seed);
        var acts = new List<Act>();
        var freeAt = targets.ToDictionary(target => target.Part, _ => TimeSpan.Zero);
        var untouched = targets.OrderBy(_ => chance.Next()).ToList();
        for (var at = Between(chance, TimeSpan.Zero, pauseMax); at < window && acts.Count < ActsMax;
             at += Between(chance, TimeSpan.FromMilliseconds(50), pauseMax))
        {
            var atOnce = chance.Next(4) == 0 ? 2 : 1;
            for (var count = 0; count < atOnce && acts.Count < ActsMax; count++)
            {
                if (Pick(chance, targets, untouched, freeAt, at) is not { } target) break;
                if (Harm(chance, target, at, window) is not { } act) continue;
                acts.Add(act);
                untouched.Remove(target);
                freeAt[target.Part] = at + act.Lasts + target.LeftAlone;
            }
        }
        return acts;
    }

    private static Target? Pick(
        Random chance, IReadOnlyList<Target> targets, List<Target> untouched,
        Dictionary<string, TimeSpan> freeAt, TimeSpan at)
    {
        if (untouched.Count > 0) return untouched[0];
        var free = targets.Where(target => freeAt[target.Part] <= at).ToList();
        return free.Count == 0 ? null : free[chance.Next(free.Count)];
    }

    private static Act? Harm(Random chance, Target target, TimeSpan at, TimeSpan window)
    {
        var freezes = target.FrozenMax > TimeSpan.Zero && (target.DownMax <= TimeSpan.Zero || chance.Next(2) == 0);
        var longest = freezes ? target.FrozenMax : target.DownMax;
        var room = window - at;
        if (longest <= TimeSpan.Zero || room < LastsMin) return null;
        var lasts = Between(chance, LastsMin, longest < room ? longest : room);
        return new(at, freezes ? Crashes.Harm.Freeze : Crashes.Harm.Kill, target.Part, lasts);
    }

    private static TimeSpan Between(Random chance, TimeSpan least, TimeSpan most) =>
        least + TimeSpan.FromMilliseconds(Math.Floor(chance.NextDouble() * (most - least).TotalMilliseconds));
}
