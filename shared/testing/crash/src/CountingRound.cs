using Tributary.Testing.Crashes;
using Tributary.Testing.Parts;

namespace Tributary.Crash;

/// <summary>
/// A round of the counter: two processes of it, Kafka and PostgreSQL, all of them killed and frozen by a seed while
/// events come in. Each round has servers of its own.
/// </summary>
public static class CountingRound
{
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(4);

    // A frozen counter is replaced after its session's 6 s, and a frozen relay after 3; half of them are thawed later.
    private static readonly Target[] Targets =
    [
        new("counter-1") { FrozenMax = TimeSpan.FromSeconds(12) },
        new("counter-2") { FrozenMax = TimeSpan.FromSeconds(12) },
        new("postgres"),
        new("kafka") { DownMax = TimeSpan.FromSeconds(1), LeftAlone = TimeSpan.FromSeconds(15) },
    ];

    /// <summary>What is done in the round of a seed.</summary>
    public static IReadOnlyList<Act> ActsOf(int seed, TimeSpan window) =>
        Mayhem.Plan(seed, Targets, window, PauseMax);

    public static async Task<RoundReport> RunAsync(
        int seed, TimeSpan window, string kafkaHome, CancellationToken cancellationToken)
    {
        await using var rig = new CrashRig(TimeProvider.System, new RoundBounds());
        var kafka = await ApacheKafka.PrepareAsync(kafkaHome, rig.Folder, cancellationToken);
        var postgres = await PostgreSqlServer.PrepareAsync(rig.Folder, cancellationToken);
        var counting = new CountingParts(kafka.Bootstrap, postgres.ConnectionString, rig.Folder);
        var none = new Dictionary<string, string>();
        await rig.StartAsync(kafka.Command, cancellationToken);
        await rig.StartAsync(postgres.Command, cancellationToken);
        await rig.StartAsync(counting.Counter("counter-1", none), cancellationToken);
        await rig.StartAsync(counting.Counter("counter-2", none), cancellationToken);

        var round = new Round
        {
            Seed = seed,
            Acts = ActsOf(seed, window),
            LoadAsync = counting.Load.RunAsync,
            Outlets = counting.Outlets,
        };
        return await rig.RunAsync(round, cancellationToken);
    }
}
