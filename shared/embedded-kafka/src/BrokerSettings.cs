using System.Globalization;
using Tributary.EmbeddedKafka.Topics;

namespace Tributary.EmbeddedKafka;

/// <summary>The broker's own settings under the names that Kafka has for them, for tools that show them.</summary>
internal sealed class BrokerSettings(BrokerOptions options, BrokerIdentity self)
{
    public IEnumerable<(string Name, string Value, SettingKind Kind)> All { get; } =
    [
        ("advertised.listeners", $"PLAINTEXT://{self.Host}:{Number(self.Port)}", SettingKind.Text),
        ("auto.create.topics.enable", options.AutoCreateTopics ? "true" : "false", SettingKind.Boolean),
        ("default.replication.factor", "1", SettingKind.Int),
        ("group.initial.rebalance.delay.ms", Milliseconds(options.GroupStartDelay), SettingKind.Int),
        ("group.max.session.timeout.ms", Milliseconds(options.SessionTimeoutMax), SettingKind.Int),
        ("group.max.size", Number(options.GroupMembersMax), SettingKind.Int),
        ("group.min.session.timeout.ms", Milliseconds(options.SessionTimeoutMin), SettingKind.Int),
        ("listeners", $"PLAINTEXT://{self.Host}:{Number(self.Port)}", SettingKind.Text),
        ("log.cleaner.enable", "true", SettingKind.Boolean),
        ("log.dirs", Path.GetFullPath(options.DataFolder), SettingKind.Text),
        ("log.flush.interval.ms", FlushInterval(options), SettingKind.Long),
        ("log.retention.check.interval.ms", Milliseconds(options.UpkeepInterval), SettingKind.Long),
        ("max.connections", Number(options.ConnectionsMax), SettingKind.Int),
        ("message.max.bytes", TopicSetting.ByName["max.message.bytes"].Default, SettingKind.Int),
        ("node.id", self.NodeName, SettingKind.Int),
        ("num.partitions", Number(options.PartitionsByDefault), SettingKind.Int),
        ("offsets.retention.minutes", Number((long)options.OffsetsKept.TotalMinutes), SettingKind.Int),
        ("socket.request.max.bytes", Number(options.RequestBytesMax), SettingKind.Int),
    ];

    private static string FlushInterval(BrokerOptions options) =>
        options.Fsync == Fsync.Interval ? Milliseconds(options.FsyncInterval) : "";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Milliseconds(TimeSpan time) => Number((long)time.TotalMilliseconds);
}
