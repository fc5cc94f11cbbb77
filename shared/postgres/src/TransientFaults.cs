using Npgsql;
using Polly;
using Polly.Retry;

namespace Tributary.Postgres;

/// <summary>Faults of which it is known that nothing was kept, and which another try may not meet.</summary>
internal static class TransientFaults
{
    public const int RetriesMax = 3;

    public static ResiliencePipeline Retried() => new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<NpgsqlException>(fault => fault.IsTransient),
            MaxRetryAttempts = RetriesMax,
            Delay = TimeSpan.FromMilliseconds(50),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
        })
        .Build();
}
