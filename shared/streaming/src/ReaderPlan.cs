using Tributary.Contracts;

namespace Tributary.Streaming;

/// <summary>A reader and what is not ordinary about it.</summary>
/// <param name="Consumer">
/// Names the group and the stored offsets; an <see cref="IOffsetStore"/> that is registered under it has them.
/// </param>
/// <param name="Decode">Throws for bytes that are no event: they become dead letters.</param>
public sealed record ReaderPlan<TEvent>(string Service, string Consumer, Topic Topic, Func<byte[], TEvent> Decode)
{
    /// <summary>Where its bounds differ from section <c>Kafka:Reader</c>.</summary>
    public Func<ReaderOptions, ReaderOptions>? Adjust { get; init; }

    /// <summary>
    /// After a failed batch the stored offset is asked for again: where the store alone knows what a batch that failed
    /// has left behind.
    /// </summary>
    public bool StartsAnewAfterFailure { get; init; }

    /// <summary>Whether what is put into <c>retry.</c> for this consumer is read.</summary>
    public bool TakesRetries { get; init; } = true;
}
