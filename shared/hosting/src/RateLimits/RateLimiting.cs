using System.Globalization;
using System.Threading.RateLimiting;
using Tributary.Hosting.RateLimits;

namespace Tributary.Hosting;

/// <summary>Limits how often one caller, by API key or else by address, may ask.</summary>
public static class RateLimiting
{
    extension(IHostApplicationBuilder builder)
    {
        /// <summary>
        /// Names a limit. An operator sets other numbers by <c>RateLimits:name:Permits</c> and <c>:Window</c>.
        /// </summary>
        public void AddRateLimit(string name, int permits, TimeSpan window)
        {
            builder.Services.AddSingleton(new KnownLimit(name));
            builder.Services.Configure<RateLimit>(name, limit => (limit.Permits, limit.Window) = (permits, window));
            builder.AddValidatedOptions<RateLimit>(name, $"RateLimits:{name}");
        }
    }

    extension<TEndpoint>(TEndpoint endpoint)
        where TEndpoint : IEndpointConventionBuilder
    {
        /// <summary>Above the limit: 429 as a problem, with <c>Retry-After</c> in seconds.</summary>
        public TEndpoint RequireRateLimit(string name)
        {
            endpoint.Add(built => built.Metadata.Add(new LimitedBy(name)));
            return endpoint;
        }
    }

    internal static void Use(WebApplication app)
    {
        var counts = app.Services.GetRequiredService<RateLimitCounts>();
        app.Use((context, next) =>
        {
            if (context.GetEndpoint()?.Metadata.GetMetadata<LimitedBy>() is not { } limited) return next(context);

            using var lease = counts.Count(limited.Limit, context);
            if (lease.IsAcquired) return next(context);

            var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
            var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests; // Its body is written as for any error.
            return Task.CompletedTask;
        });
    }
}
