using System.ComponentModel.DataAnnotations;

namespace Tributary.Streaming;

/// <summary>Section <c>Kafka:Reader</c>: the bounds of every batch reader.</summary>
public sealed record ReaderOptions
{
    public const string Section = "Kafka:Reader";

    /// <summary>A batch is handed over when it has so many records, …</summary>
    [Range(1, 100_000)]
    public int BatchRecordsMax { get; init; } = 1_000;

    /// <summary>… or so many bytes (one record may be larger than all of it), …</summary>
    [Range(1_024, 256 << 20)]
    public int BatchBytesMax { get; init; } = 4 << 20;

    /// <summary>… or when its first record has waited so long.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan BatchAgeMax { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Batches held ready behind the one that is handled; a fuller partition is paused.</summary>
    [Range(1, 16)]
    public int BatchesAheadMax { get; init; } = 4;

    /// <summary>What a reader holds ready of all its partitions together; beyond it, all are paused.</summary>
    [Range(1 << 20, 1 << 30)]
    public int HeldBytesMax { get; init; } = 256 << 20;

    /// <summary>
    /// A handler may take so long and keeps its partition; after it, it is cancelled and tried again.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan HandlerTimeMax { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// What a handler gets to finish when its partition is taken away or the process stops, and again what it gets
    /// to end once it is cancelled. After both it is left behind; the store fences it off.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:30")]
    public TimeSpan HandlerGraceMax { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>
    /// Pause after a first failure; it doubles up to <see cref="RetryPauseMax"/>, less a random part.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan RetryPauseFirst { get; init; } = TimeSpan.FromMilliseconds(200);

    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan RetryPauseMax { get; init; } = TimeSpan.FromSeconds(30);
}
