namespace Tributary.Streaming.DeadLetters;

/// <summary>
/// What a dead letter and a retried record tell beside the original headers. Text, so that any tool shows it.
/// </summary>
public static class DeadLetterHeaders
{
    private const string Prefix = "tributary-dead-";

    /// <summary><see cref="Streaming.Origin"/>: topic id, partition, offset where the record was first.</summary>
    public const string Origin = Prefix + "origin";

    /// <summary>The origin's topic as declared, without the environment's prefix.</summary>
    public const string Topic = Prefix + "topic";

    /// <summary>The original key, byte for byte; missing where there was none.</summary>
    public const string Key = Prefix + "key";

    /// <summary>The record's own time, in milliseconds since 1970.</summary>
    public const string Time = Prefix + "time";

    /// <summary>Who could not handle it; a retry is for this consumer alone.</summary>
    public const string Consumer = Prefix + "consumer";

    /// <summary>From a closed set of the consumer's.</summary>
    public const string Reason = Prefix + "reason";

    /// <summary>The error in words, cut to a bound.</summary>
    public const string Detail = Prefix + "detail";

    /// <summary>How often it was rejected, this time included.</summary>
    public const string Attempts = Prefix + "attempts";

    /// <summary>Whether a header is one of these, and not the original record's.</summary>
    public static bool Includes(RecordHeader header) => header.Name.StartsWith(Prefix, StringComparison.Ordinal);
}
