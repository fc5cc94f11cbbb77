using System.ComponentModel.DataAnnotations;

namespace Tributary.Standalone.Children;

/// <summary>The processes that run beside this one and end with it.</summary>
internal sealed class ChildrenOptions : IValidatableObject
{
    /// <summary>In the order of their start; they stop in the reverse order.</summary>
    [MaxLength(16)]
    public IReadOnlyList<ChildOptions> Processes { get; init; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Processes.DistinctBy(child => child.Name).Count() != Processes.Count)
            yield return new("must have a name each that no other has", [nameof(Processes)]);
    }
}

/// <summary>One program, and how it is kept running.</summary>
internal sealed class ChildOptions : IValidatableObject
{
    /// <summary>In health, in logs, and to the child itself as TRIBUTARY_CHILD.</summary>
    [Required, RegularExpression("^[a-z][a-z0-9-]{0,30}$")]
    public string Name { get; init; } = "";

    /// <summary>A path, or a name that is looked up in PATH.</summary>
    [Required]
    public string Program { get; init; } = "";

    [MaxLength(64)]
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Added to the environment of this process, of which the child has a copy.</summary>
    [MaxLength(64)]
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// tcp://address:port is well when it takes a connection, http://… when it answers 2xx, kafka://address:port when
    /// it says which requests it knows. Without one, to run is to be well.
    /// </summary>
    public Uri? Probe { get; init; }

    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromSeconds(1);

    [Range(typeof(TimeSpan), "00:00:00.05", "00:00:30")]
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Before the first start anew; each further one in a row waits twice as long.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan PauseFirst { get; init; } = TimeSpan.FromMilliseconds(500);

    [Range(typeof(TimeSpan), "00:00:00.01", "00:10:00")]
    public TimeSpan PauseMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A child that was well for this long begins anew with the first pause.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "01:00:00")]
    public TimeSpan ForgivenAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a child may take to stop by itself; then it is killed.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:08")]
    public TimeSpan StopMax { get; init; } = TimeSpan.FromSeconds(5);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Probe is not (null or { IsAbsoluteUri: true, Scheme: "tcp" or "http" or "kafka", Port: > 0 }))
            yield return new("must be like tcp://127.0.0.1:9092 or http://127.0.0.1:8123/ping", [nameof(Probe)]);
        if (PauseMax < PauseFirst)
            yield return new("must not be shorter than PauseFirst", [nameof(PauseMax)]);
    }
}
