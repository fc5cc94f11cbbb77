using System.ComponentModel.DataAnnotations;

namespace Tributary.Ingestion.Receiving;

/// <summary>Section <c>Ingestion:Receive</c>: the bounds of what is taken from senders.</summary>
internal sealed class ReceivingOptions
{
    /// <summary>Largest body, before and after inflating. Above: 413. The topic has room for no more.</summary>
    [Range(1_024, 4_096_000)]
    public int BodyBytesMax { get; init; } = 4_096_000;

    /// <summary>Longest time for a whole body, however steadily it drips. Above: 503.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:02:00")]
    public TimeSpan BodyTimeMax { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Bodies held at one time. Above: 503.</summary>
    [Range(8 << 20, 1 << 30)]
    public int BodyBytesInFlightMax { get; init; } = 48 << 20;

    /// <summary>What a sender is told to wait with 429 and 503.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Refusals of a source that are written down each second, to be looked at; more are counted.</summary>
    [Range(1, 1_000)]
    public int RejectionsPerSecondMax { get; init; } = 20;
}
