namespace Tributary.Testing.Crashes;

/// <summary>One consumer's end of the way: everything that came out there so far, in its order.</summary>
public sealed record Outlet(
    string Consumer, Func<CancellationToken, Task<IReadOnlyList<Sighting>>> ReadAsync);

/// <summary>What is sent, what is done to the parts meanwhile, and where everything must come out.</summary>
public sealed record Round
{
    /// <summary>Printed with the account; the acts were planned by it.</summary>
    public required int Seed { get; init; }

    public required IReadOnlyList<Act> Acts { get; init; }

    /// <summary>
    /// Sends until it is asked to stop, then waits for the promises that are under way, and returns. It tells the
    /// account of each id before it hands it over, and of each promise.
    /// </summary>
    public required Func<Account, CancellationToken, Task> LoadAsync { get; init; }

    /// <summary>In the order of the way that an id takes.</summary>
    public required IReadOnlyList<Outlet> Outlets { get; init; }

    /// <summary>The load goes on at least this long, and until the last act is over.</summary>
    public TimeSpan LoadFor { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>The bounds of a round's parts.</summary>
public sealed record RoundBounds
{
    /// <summary>A load that was asked to stop returns within this time.</summary>
    public TimeSpan LoadEndsWithin { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Everything has come out within this time after the load.</summary>
    public TimeSpan DrainMax { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Ids that are missing are given up when nothing more came out for so long.</summary>
    public TimeSpan QuietMax { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long nothing more may come out after all did: doubles come late.</summary>
    public TimeSpan SettledFor { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A part that dies by itself is started again this often in a round.</summary>
    public int RestartsMax { get; init; } = 20;
}
