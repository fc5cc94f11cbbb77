using Microsoft.AspNetCore.Cors.Infrastructure;

namespace Tributary.Hosting.Origins;

internal static class CrossOrigin
{
    private static readonly TimeSpan PreflightAge = TimeSpan.FromMinutes(10);

    public static void Add(IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<OriginsOptions>("Cors");
        builder.Services.AddCors();
        builder.Services.AddOptions<CorsOptions>().Configure<IOptions<OriginsOptions>>((cors, origins) =>
            cors.AddDefaultPolicy(policy => Allow(policy, origins.Value)));
    }

    private static void Allow(CorsPolicyBuilder policy, OriginsOptions options)
    {
        policy.AllowAnyHeader().AllowAnyMethod().SetPreflightMaxAge(PreflightAge)
            .WithExposedHeaders("Retry-After", "Location", "ETag");
        if (options.AllowsAny) policy.AllowAnyOrigin();
        else policy.WithOrigins(options.Origins()).AllowCredentials();
    }
}
