using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Routing;

namespace Tributary.Hosting.RateLimits;

/// <summary>On an endpoint: the limit its requests count against.</summary>
internal sealed record LimitedBy(string Limit);

/// <summary>Registered by each AddRateLimit, so that a name that nothing registered is found at start.</summary>
internal sealed record KnownLimit(string Name);

/// <summary>Counts requests per limit and caller. A caller is the API key it shows, else its address.</summary>
internal sealed class RateLimitCounts(
    IOptionsMonitor<RateLimit> limits, IEnumerable<KnownLimit> known, EndpointDataSource endpoints)
    : IHostedLifecycleService, IDisposable
{
    private readonly ConcurrentDictionary<string, PartitionedRateLimiter<HttpContext>> _limiters = new();

    public RateLimitLease Count(string limit, HttpContext context) =>
        _limiters.GetOrAdd(limit, Create).AttemptAcquire(context);

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var names = known.Select(limit => limit.Name).ToHashSet();
        var unknown = endpoints.Endpoints
            .Select(endpoint => endpoint.Metadata.GetMetadata<LimitedBy>()?.Limit)
            .FirstOrDefault(name => name is not null && !names.Contains(name));
        return unknown is null
            ? Task.CompletedTask
            : throw new InvalidOperationException($"No AddRateLimit names \"{unknown}\", which an endpoint requires.");
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (var limiter in _limiters.Values) limiter.Dispose();
    }

    private PartitionedRateLimiter<HttpContext> Create(string name)
    {
        var limit = limits.Get(name);
        return PartitionedRateLimiter.CreateChained(
            PartitionedRateLimiter.Create<HttpContext, string>(context =>
                Bucket(KeyOf(context) ?? AddressOf(context), limit.Permits, limit.Window)),
            PartitionedRateLimiter.Create<HttpContext, string>(context =>
                Bucket(AddressOf(context), limit.Permits * limit.KeysPerAddressMax, limit.Window)));
    }

    /// <summary>Refilled in small steps, so that the end of a window does not let a burst through.</summary>
    private static RateLimitPartition<string> Bucket(string caller, int permits, TimeSpan window)
    {
        var refill = Math.Max(1, permits / 10);
        return RateLimitPartition.GetTokenBucketLimiter(caller, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = permits,
            TokensPerPeriod = refill,
            ReplenishmentPeriod = window * refill / permits,
            QueueLimit = 0,
        });
    }

    private static string? KeyOf(HttpContext context)
    {
        var headers = context.Request.Headers;
        var shown = headers["X-Api-Key"].ToString() is { Length: > 0 } key ? key : headers.Authorization.ToString();
        // Hashed, so that no key lies in memory as a partition's name, and each takes the same room.
        return shown.Length > 0 ? Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(shown))) : null;
    }

    /// <summary>Of IPv6 the network of /64, which one customer owns whole.</summary>
    private static string AddressOf(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } address) return "unknown";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily is System.Net.Sockets.AddressFamily.InterNetworkV6
            ? new IPAddress([.. address.GetAddressBytes()[..8], .. new byte[8]]).ToString()
            : address.ToString();
    }
}
