using Tributary.EmbeddedKafka.Tests.Conformance;
using Tributary.Testing;
using Tributary.Testing.Parts;

namespace Tributary.EmbeddedKafka.Tests;

/// <summary>
/// What Apache Kafka has and this broker has not: its own tools are told so, and neither wait nor try again.
/// </summary>
[Category("Integration")]
public sealed class Refusing_what_is_not_offered
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static readonly TestCaseData[] Tools =
    [
        Case("acls --bootstrap-server {0} --list", "DESCRIBE_ACLS"),
        Case("metadata-quorum --bootstrap-server {0} describe --status", "DESCRIBE_QUORUM"),
        Case("share-groups --bootstrap-server {0} --describe --group g", "SHARE_GROUP_DESCRIBE"),
        Case("configs --bootstrap-server {0} --describe --entity-type users", "DESCRIBE_CLIENT_QUOTAS"),
        Case("configs --bootstrap-server {0} --alter --entity-type brokers --entity-name 1"
            + " --add-config log.cleaner.threads=2", "Only the settings of topics can be altered"),
        Case("run org.apache.kafka.tools.LeaderElectionCommand --bootstrap-server {0} --election-type preferred"
            + " --all-topic-partitions", "ELECT_LEADERS"),
        Case("transactions --bootstrap-server {0} describe-producers --topic {1} --partition 0", "DESCRIBE_PRODUCERS"),
        Case("producer-perf-test --topic {1} --num-records 1 --record-size 10 --throughput -1 --transactional-id t"
            + " --command-property bootstrap.servers={0}", "Transactions are not offered"),
        Case("console-consumer --bootstrap-server {0} --topic {1} --command-property group.protocol=consumer",
            "does not support the new CONSUMER group protocol"),
    ];

    [TestCaseSource(nameof(Tools))]
    public async Task A_tool_that_asks_for_it_ends_with_the_reason(string commandLine, string reason)
    {
        var tool = Path.Combine(RealService.KafkaHome, "kafka");
        using var kafka = await Librdkafka.ForAsync(Brokers.Ours);
        var topic = await kafka.NewTopicAsync();
        using var patience = new CancellationTokenSource(Patience);

        var answer = await Commands.RunAsync(
            [tool, .. string.Format(null, commandLine, kafka.Address, topic).Split(' ')], patience.Token);

        Assert.That(answer.Output, Does.Contain(reason));
    }

    private static TestCaseData Case(string commandLine, string reason) =>
        new TestCaseData(commandLine, reason).SetArgDisplayNames(commandLine.Split(' ')[0], reason);
}
