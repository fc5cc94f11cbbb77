using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Tributary.Postgres;

/// <summary>The health line of a service's database: whether a request could be served now.</summary>
internal sealed class DatabaseHealth(ServiceDatabase database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            await using var work = await database.WithoutOrganisationAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception fault) when (fault is NpgsqlException or UnsafeRoleException or TimeoutException)
        {
            return new(context.Registration.FailureStatus, fault.Message);
        }
    }
}
