using System.Globalization;

namespace Tributary.EmbeddedKafka.Topics;

/// <summary>The kinds of settings, by the numbers that the protocol gives them.</summary>
internal enum SettingKind : sbyte
{
    Boolean = 1,
    Text = 2,
    Int = 3,
    Long = 5,
    Double = 6,
    List = 7,
}

/// <summary>One setting that a topic may have: its default, and which values are right.</summary>
internal sealed record TopicSetting(string Name, SettingKind Kind, string Default, long Least = long.MinValue)
{
    /// <summary>The closed set of values; null where any of the kind will do.</summary>
    public string[]? Choices { get; init; }

    public static readonly TopicSetting[] All =
    [
        new("cleanup.policy", SettingKind.List, "delete") { Choices = ["delete", "compact"] },
        new("compression.type", SettingKind.Text, "producer")
        {
            Choices = ["producer", "uncompressed", "gzip", "snappy", "lz4", "zstd"],
        },
        new("delete.retention.ms", SettingKind.Long, "86400000", 0),
        new("file.delete.delay.ms", SettingKind.Long, "60000", 0),
        new("flush.messages", SettingKind.Long, "9223372036854775807", 1),
        new("flush.ms", SettingKind.Long, "9223372036854775807", 0),
        new("follower.replication.throttled.replicas", SettingKind.List, ""),
        new("index.interval.bytes", SettingKind.Int, "4096", 0),
        new("leader.replication.throttled.replicas", SettingKind.List, ""),
        new("max.compaction.lag.ms", SettingKind.Long, "9223372036854775807", 1),
        new("max.message.bytes", SettingKind.Int, "1048588", 0),
        new("message.timestamp.after.max.ms", SettingKind.Long, "3600000", 0),
        new("message.timestamp.before.max.ms", SettingKind.Long, "9223372036854775807", 0),
        new("message.timestamp.type", SettingKind.Text, "CreateTime") { Choices = ["CreateTime", "LogAppendTime"] },
        new("min.cleanable.dirty.ratio", SettingKind.Double, "0.5"),
        new("min.compaction.lag.ms", SettingKind.Long, "0", 0),
        new("min.insync.replicas", SettingKind.Int, "1", 1),
        new("preallocate", SettingKind.Boolean, "false"),
        new("retention.bytes", SettingKind.Long, "-1"),
        new("retention.ms", SettingKind.Long, "604800000", -1),
        new("segment.bytes", SettingKind.Int, "1073741824", 1024 * 1024),
        new("segment.index.bytes", SettingKind.Int, "10485760", 4),
        new("segment.jitter.ms", SettingKind.Long, "0", 0),
        new("segment.ms", SettingKind.Long, "604800000", 1),
        new("unclean.leader.election.enable", SettingKind.Boolean, "false"),
    ];

    public static readonly Dictionary<string, TopicSetting> ByName = All.ToDictionary(setting => setting.Name);

    /// <summary>What is wrong with a setting; null where nothing is.</summary>
    public static string? Refuse(string name, string? value)
    {
        if (!ByName.TryGetValue(name, out var setting)) return $"Unknown topic config name: {name}";
        if (value is null) return $"Null value not supported for topic configs: {name}";
        return setting.Takes(value) ? null : $"Invalid value {value} for configuration {name}";
    }

    public static bool IsList(string name) => ByName.TryGetValue(name, out var setting)
        && setting.Kind == SettingKind.List;

    private bool Takes(string value) => Kind switch
    {
        SettingKind.Boolean => value is "true" or "false",
        SettingKind.Int => int.TryParse(value, CultureInfo.InvariantCulture, out var number) && number >= Least,
        SettingKind.Long => long.TryParse(value, CultureInfo.InvariantCulture, out var number) && number >= Least,
        SettingKind.Double => double.TryParse(value, CultureInfo.InvariantCulture, out var part)
            && part is >= 0 and <= 1,
        SettingKind.List => Choices is null
            ? !value.Contains('\n', StringComparison.Ordinal)
            : value.Split(',', StringSplitOptions.TrimEntries).All(Choices.Contains),
        _ => Choices?.Contains(value) ?? !value.Contains('\n', StringComparison.Ordinal),
    };
}
