using Tributary.Testing.Crashes;

namespace Tributary.FirstLight;

/// <summary>
/// A round of the whole: two edges, two deduplicators, two writers and the three engines, all of them killed and frozen
/// by a seed while senders send. Each round has engines of its own; there is no Redis, which nothing here needs.
/// </summary>
internal static class CrashingRound
{
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(3);

    // Shorter than in production, so that a frozen process is replaced while the round goes on.
    private static readonly Dictionary<string, string> Hasty = new()
    {
        ["Kafka__SessionTimeout"] = "00:00:06",
        ["Kafka__Reader__RetryPauseMax"] = "00:00:02",
        ["Database__TransactionIdleMax"] = "00:00:05",
    };

    private static readonly Target[] Targets =
    [
        new("edge-1"),
        new("edge-2"),
        new("deduplicator-1") { FrozenMax = TimeSpan.FromSeconds(10) },
        new("deduplicator-2") { FrozenMax = TimeSpan.FromSeconds(10) },
        new("writer-1") { FrozenMax = TimeSpan.FromSeconds(10) },
        new("writer-2") { FrozenMax = TimeSpan.FromSeconds(10) },
        new("kafka") { LeftAlone = TimeSpan.FromSeconds(4) },
        new("clickhouse") { LeftAlone = TimeSpan.FromSeconds(6) },
        new("postgres") { LeftAlone = TimeSpan.FromSeconds(4) },
    ];

    /// <summary>What is done in the round of a seed.</summary>
    public static IReadOnlyList<Act> ActsOf(int seed, TimeSpan window) =>
        Mayhem.Plan(seed, Targets, window, PauseMax);

    public static async Task<RoundReport> RunAsync(int seed, TimeSpan window, CancellationToken cancellationToken)
    {
        await using var rig = new CrashRig(TimeProvider.System, new RoundBounds { RestartsMax = 60 });
        var house = await House.StartAsync(rig, cancellationToken);
        var edges = new List<Uri>();
        foreach (var number in new[] { 1, 2 })
        {
            var edge = await house.AddIngestionAsync($"edge-{number}", Works.Receive, Hasty, cancellationToken);
            edges.Add(edge.Http);
            await house.AddIngestionAsync($"deduplicator-{number}", Works.Deduplicate, Hasty, cancellationToken);
            await house.AddIngestionAsync($"writer-{number}", Works.Store, Hasty, cancellationToken);
        }

        using var load = new SenderLoad(edges, house.Tenant);
        return await rig.RunAsync(
            new Round
            {
                Seed = seed,
                Acts = ActsOf(seed, window),
                LoadAsync = load.RunAsync,
                Outlets = Outlets.Of(house),
            },
            cancellationToken);
    }
}
