using System.ComponentModel.DataAnnotations;

namespace Tributary.Ingestion.Finding;

/// <summary>Section <c>Ingestion:Finding</c>: what looking at events in flight may cost.</summary>
internal sealed class FindingOptions
{
    /// <summary>Events of the topics' tails that are held, of all organisations together.</summary>
    [Range(100, 1_000_000)]
    public int WindowEventsMax { get; init; } = 20_000;

    /// <summary>Their bytes, properties and all.</summary>
    [Range(1 << 20, 1 << 30)]
    public int WindowBytesMax { get; init; } = 32 << 20;

    /// <summary>Records of each partition's end that are read when someone begins to look.</summary>
    [Range(1, 100_000)]
    public int TailRecords { get; init; } = 500;

    /// <summary>Records that are read of the tails in a second; what is more is passed over, and said to be.</summary>
    [Range(100, 1_000_000)]
    public int RecordsPerSecondMax { get; init; } = 5_000;

    /// <summary>How long the tails are followed after the last one who looked.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan FollowedFor { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a question waits for the tails when nobody looked before.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:10")]
    public TimeSpan TailWaitMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Open live streams of one organisation; one more is refused with 429.</summary>
    [Range(1, 10_000)]
    public int ListenersPerOrganisationMax { get; init; } = 50;

    /// <summary>Events of one outcome that a live stream shows in a second; what is more is sampled.</summary>
    [Range(1, 10_000)]
    public int ShownPerSecondMax { get; init; } = 50;

    /// <summary>Events that wait for one slow listener; what is more is left out and counted.</summary>
    [Range(10, 100_000)]
    public int ListenerQueueMax { get; init; } = 500;

    /// <summary>Events of the window that a new listener is told at once.</summary>
    [Range(0, 10_000)]
    public int ReplayedMax { get; init; } = 100;

    /// <summary>A comment is sent when nothing else was for so long.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan HeartbeatEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often an open stream asks whether its caller still may.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:00:10")]
    public TimeSpan CallerCheckedEvery { get; init; } = TimeSpan.FromSeconds(1);
}
