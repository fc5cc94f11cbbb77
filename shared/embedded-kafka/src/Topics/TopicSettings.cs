using System.Globalization;

namespace Tributary.EmbeddedKafka.Topics;

/// <summary>
/// What a topic's settings mean to its logs. A setting not named here is kept and shown, and changes nothing.
/// </summary>
internal sealed record TopicSettings
{
    public required IReadOnlyDictionary<string, string> Overrides { get; init; }
    public required bool Delete { get; init; }
    public required bool Compact { get; init; }
    public required long RetentionMs { get; init; }
    public required long RetentionBytes { get; init; }
    public required int SegmentBytes { get; init; }
    public required TimeSpan SegmentAge { get; init; }
    public required int BatchBytesMax { get; init; }
    public required bool LogAppendTime { get; init; }
    public required long TimestampBeforeMax { get; init; }
    public required long TimestampAfterMax { get; init; }
    public required long DeleteRetentionMs { get; init; }
    public required long CompactionLagMin { get; init; }
    public required double DirtyRatioMin { get; init; }

    public static TopicSettings From(IReadOnlyDictionary<string, string> overrides)
    {
        var policy = Text("cleanup.policy").Split(',', StringSplitOptions.TrimEntries);
        return new TopicSettings
        {
            Overrides = overrides,
            Delete = policy.Contains("delete"),
            Compact = policy.Contains("compact"),
            RetentionMs = Number("retention.ms"),
            RetentionBytes = Number("retention.bytes"),
            SegmentBytes = (int)Number("segment.bytes"),
            SegmentAge = Age(Number("segment.ms")),
            BatchBytesMax = (int)Number("max.message.bytes"),
            LogAppendTime = Text("message.timestamp.type") == "LogAppendTime",
            TimestampBeforeMax = Number("message.timestamp.before.max.ms"),
            TimestampAfterMax = Number("message.timestamp.after.max.ms"),
            DeleteRetentionMs = Number("delete.retention.ms"),
            CompactionLagMin = Number("min.compaction.lag.ms"),
            DirtyRatioMin = double.Parse(Text("min.cleanable.dirty.ratio"), CultureInfo.InvariantCulture),
        };

        string Text(string name) =>
            overrides.TryGetValue(name, out var value) ? value : TopicSetting.ByName[name].Default;

        long Number(string name) => long.Parse(Text(name), CultureInfo.InvariantCulture);
    }

    private static TimeSpan Age(long milliseconds) =>
        milliseconds >= TimeSpan.MaxValue.TotalMilliseconds ? TimeSpan.MaxValue
            : TimeSpan.FromMilliseconds(milliseconds);
}
