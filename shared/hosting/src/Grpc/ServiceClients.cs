using Tributary.Hosting.Grpc;

namespace Tributary.Hosting;

/// <summary>Typed gRPC clients of other services.</summary>
public static class ServiceClients
{
    extension(IHostApplicationBuilder builder)
    {
        /// <summary>
        /// Registers a generated client of a service, configured by <c>Clients:service</c>: calls have a deadline, are
        /// repeated where that is safe, carry the trace, show the service's key, and find dead connections
        /// by keepalive.
        /// </summary>
        /// <remarks>
        /// Safe: the call was never sent, or the server is unavailable and the contract says that repeating is
        /// harmless (<c>option idempotency_level</c> of the method). Streams are not repeated and have no deadline.
        /// </remarks>
        public IHttpClientBuilder AddServiceClient<TClient>(string service)
            where TClient : class
        {
            var name = $"{service}/{typeof(TClient).FullName}";
            var shared = builder.Configuration["Clients:Address"] ?? "";
            builder.Services.Configure<ServiceClientOptions>(name, options => options.Address = shared);
            builder.AddValidatedOptions<ServiceClientOptions>(name, $"Clients:{service}");
            builder.AddServiceKey();
            return builder.Services
                .AddGrpcClient<TClient>(
                    name, (services, client) => client.Address = new Uri(Options(services, name).Address))
                .ConfigurePrimaryHttpMessageHandler(Connections)
                .AddInterceptor(services => new CallDefaults(
                    Options(services, name),
                    RepeatableMethods.Of(typeof(TClient)),
                    services.GetRequiredService<TimeProvider>()))
                .AddInterceptor(services => new CallIdentity(
                    services.GetService<ServiceName>()?.Value ?? "",
                    services.GetRequiredService<IOptions<ServiceKeyOptions>>().Value.Shown));
        }

        /// <summary>The key that services show each other. Called again, it changes nothing.</summary>
        public void AddServiceKey()
        {
            if (builder.Services.Any(known => known.ServiceType == typeof(IValidateOptions<ServiceKeyOptions>))) return;
            builder.AddValidatedOptions<ServiceKeyOptions>("Services");
        }
    }

    private static ServiceClientOptions Options(IServiceProvider services, string name) =>
        services.GetRequiredService<IOptionsMonitor<ServiceClientOptions>>().Get(name);

    private static SocketsHttpHandler Connections() => new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(2),
        EnableMultipleHttp2Connections = true,
        KeepAlivePingDelay = TimeSpan.FromSeconds(20),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), // So that new instances behind a name get their share.
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
    };
}
