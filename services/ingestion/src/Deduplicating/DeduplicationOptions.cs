using System.ComponentModel.DataAnnotations;

namespace Tributary.Ingestion.Deduplicating;

/// <summary>
/// Section <c>Ingestion:Deduplication</c>. The window's bounds must be the same for every process that deduplicates.
/// </summary>
public sealed class DeduplicationOptions
{
    /// <summary>How long an id is remembered, by the time of records; no longer than received.v1 is kept.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "2.00:00:00")]
    public TimeSpan Window { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How many ids a partition remembers, some 16 bytes each; beyond it the oldest are forgotten.</summary>
    [Range(1_000, 100_000_000)]
    public int IdsPerPartitionMax { get; init; } = 4_000_000;

    /// <summary>Where windows are kept between starts; empty: nowhere, and each is read again from events.v1.</summary>
    public string Folder { get; init; } = "";

    /// <summary>How often they are written there.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan SaveEvery { get; init; } = TimeSpan.FromMinutes(1);

    internal WindowBounds Bounds => new(Window, IdsPerPartitionMax);
}
