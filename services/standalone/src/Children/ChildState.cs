using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Tributary.Standalone.Children;

/// <summary>Where a child stands, and the health line that says so.</summary>
internal abstract record ChildState
{
    private ChildState() { }

    public abstract HealthCheckResult Health();

    public sealed record NotStarted : ChildState
    {
        public override HealthCheckResult Health() => HealthCheckResult.Unhealthy("Not started yet.");
    }

    /// <param name="Answers">What its probe said last; nothing before the first time.</param>
    public sealed record Running(int ProcessId, int Restarts, bool? Answers) : ChildState
    {
        public override HealthCheckResult Health() => Answers switch
        {
            true => HealthCheckResult.Healthy($"Runs as process {ProcessId}, {Times(Restarts)} started again."),
            false => HealthCheckResult.Unhealthy($"Runs as process {ProcessId} and does not answer."),
            null => HealthCheckResult.Unhealthy($"Runs as process {ProcessId} and has not answered yet."),
        };
    }

    public sealed record Waiting(string Ending, int Failures, TimeSpan Pause) : ChildState
    {
        public override HealthCheckResult Health() => HealthCheckResult.Unhealthy(string.Create(
            CultureInfo.InvariantCulture,
            $"{Ending}, {Times(Failures)} in a row; starts again {Pause.TotalSeconds:0.#} s after that."));
    }

    public sealed record Stopped : ChildState
    {
        public override HealthCheckResult Health() => HealthCheckResult.Unhealthy("Stopped.");
    }

    private static string Times(int count) => count == 1 ? "once" : $"{count} times";
}
