using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Tributary.Hosting.Health;

/// <summary>
/// Keeps a check that does not heed its bound from holding up all others: its answer comes when the time is over. It
/// runs once at a time, whoever asks, so that one which hangs takes one thread and no more.
/// </summary>
internal sealed class BoundedCheck(Func<IServiceProvider, IHealthCheck> check)
{
    private readonly Lock _starting = new();
    private Task<HealthCheckResult> _running = Task.FromResult(HealthCheckResult.Healthy());

    public IHealthCheck For(IServiceProvider services) =>
        new Attempt(this, services.GetRequiredService<IServiceScopeFactory>());

    private Task<HealthCheckResult> Join(HealthCheckContext context, IServiceScopeFactory scopes)
    {
        // On a thread of its own, and by no caller's token: one that gives up must not fail the others.
        lock (_starting)
            return _running.IsCompleted ? _running = Task.Run(() => RunAsync(context, scopes)) : _running;
    }

    private async Task<HealthCheckResult> RunAsync(HealthCheckContext context, IServiceScopeFactory scopes)
    {
        using var late = new CancellationTokenSource(context.Registration.Timeout);
        await using var scope = scopes.CreateAsyncScope();
        return await check(scope.ServiceProvider).CheckHealthAsync(context, late.Token);
    }

    private sealed class Attempt(BoundedCheck bounded, IServiceScopeFactory scopes) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context, CancellationToken cancellationToken = default) =>
            bounded.Join(context, scopes).WaitAsync(cancellationToken);
    }
}
