using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Tributary.Console.Health;

/// <summary>What is known of the host's health. Public, as pages are, whose parameters it is.</summary>
public abstract record HealthSeen
{
    private HealthSeen() { }

    /// <summary>What was read last, however long ago.</summary>
    public abstract Lines? LastLines { get; }

    /// <summary>The first answer is still to come.</summary>
    public sealed record NotYet : HealthSeen
    {
        public override Lines? LastLines => null;
    }

    /// <summary>A line for each dependency.</summary>
    public sealed record Lines(DateTimeOffset At, IReadOnlyList<HealthLine> Dependencies) : HealthSeen
    {
        public override Lines? LastLines => this;

        public int Unwell => Dependencies.Count(line => line.Status is HealthStatus.Unhealthy);

        public int Strained => Dependencies.Count(line => line.Status is HealthStatus.Degraded);
    }

    /// <summary>The health itself could not be read; what was known before still is.</summary>
    public sealed record Failed(DateTimeOffset At, string TraceId, Lines? Before) : HealthSeen
    {
        public override Lines? LastLines => Before;
    }
}

/// <summary>One dependency, in a line.</summary>
public sealed record HealthLine(string Name, HealthStatus Status, TimeSpan Took, string Sentence)
{
    private const int SentenceLengthMax = 300;

    public static IReadOnlyList<HealthLine> Of(HealthReport report) =>
        [.. report.Entries
            .OrderBy(entry => entry.Value.Status)
            .ThenBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => new HealthLine(entry.Key, entry.Value.Status, entry.Value.Duration, Say(entry.Value)))];

    // What an exception says may hold an address with its password: the log has it in full, the page does not.
    private static string Say(HealthReportEntry entry) => entry switch
    {
        { Exception: OperationCanceledException } => "Did not answer in time.",
        { Exception: { } thrown } when entry.Description is null || entry.Description.Contains(thrown.Message) =>
            $"Failed with {thrown.GetType().Name}.",
        { Description: { Length: > SentenceLengthMax } said } => said[..SentenceLengthMax],
        { Description: { } said } => said,
        _ => entry.Status is HealthStatus.Healthy ? "Well." : "Not well.",
    };
}
