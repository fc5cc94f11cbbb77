using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Tributary.Streaming.Writing;

namespace Tributary.Ingestion.Keeping;

/// <summary>Where events go now. Degraded and not unhealthy: they are taken.</summary>
internal sealed class KeepingHealth(Keeper keeper, ByteProducer log, Spool? spool) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult((spool, keeper.IsClosed) switch
        {
            (null, _) => HealthCheckResult.Healthy(Sentence($"{log.BufferedBytes} bytes on their way; no spool")),
            ({ Bytes: var bytes }, true) =>
                HealthCheckResult.Degraded(Sentence($"Kafka takes nothing; {bytes} bytes are in the spool")),
            ({ Bytes: > 0 and var bytes }, false) =>
                HealthCheckResult.Degraded(Sentence($"{bytes} bytes of the spool are on their way to Kafka")),
            _ => HealthCheckResult.Healthy(Sentence($"{log.BufferedBytes} bytes on their way; the spool is empty")),
        });

    private static string Sentence(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
