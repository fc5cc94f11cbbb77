namespace Tributary.ClickHouse.Migrations;

/// <summary>Where a schema is applied, and the values that it leaves open.</summary>
public sealed record SchemaOptions
{
    /// <summary>The cluster's name, which makes tables Replicated and Distributed; empty on one server.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>How many blocks a table remembers; a writer must not fall behind by more than half of it.</summary>
    public int DeduplicationWindow { get; init; } = 10_000;

    /// <summary>How long a cluster remembers them.</summary>
    public TimeSpan DeduplicationTime { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Values by the words that stand for them in the text, such as days to live.</summary>
    public IReadOnlyDictionary<string, int> Values { get; init; } = new Dictionary<string, int>();
}
