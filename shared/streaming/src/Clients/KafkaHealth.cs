using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Tributary.Streaming.Clients;

/// <summary>
/// Whether a broker answers now. Without one readers wait in silence, so that their own lines can't tell. Degraded and
/// not unhealthy: what needs no Kafka goes on, and the rest goes on by itself.
/// </summary>
internal sealed class KafkaHealth(TopicFacts facts, KafkaOptions options) : IHealthCheck
{
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(3);

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            var cluster = await facts.Admin
                .DescribeClusterAsync(new DescribeClusterOptions { RequestTimeout = AnswerMax })
                .WaitAsync(cancellationToken);
            return HealthCheckResult.Healthy($"{cluster.Nodes.Count} brokers");
        }
        catch (KafkaException exception)
        {
            return HealthCheckResult.Degraded($"Kafka at {options.Brokers} does not answer: {exception.Error.Reason}");
        }
    }
}
