using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Tributary.Streaming.Tests;

[Category("Integration")]
public class Telling_whether_Kafka_answers
{
    [Test]
    public async Task A_Kafka_that_answers_is_healthy()
    {
        await using var kafka = KafkaFixture.Shared();

        Assert.That((await LineAsync(kafka)).Status, Is.EqualTo(HealthStatus.Healthy));
    }

    [Test]
    public async Task Where_nobody_answers_health_says_so_and_names_the_address()
    {
        await using var nobody = new KafkaFixture("127.0.0.1:9");

        var line = await LineAsync(nobody);

        Assert.That(line.Status, Is.EqualTo(HealthStatus.Degraded));
        Assert.That(line.Description, Does.StartWith("Kafka at 127.0.0.1:9 does not answer"));
    }

    private static async Task<HealthReportEntry> LineAsync(KafkaFixture kafka)
    {
        var health = kafka.Tools.Services.GetRequiredService<HealthCheckService>();
        return (await health.CheckHealthAsync(CancellationToken.None)).Entries["kafka"];
    }
}
