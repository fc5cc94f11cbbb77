using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Tributary.Streaming;
using Tributary.Streaming.Writing;

namespace Tributary.Postgres.Outbox;

public static class OutboxRegistration
{
    extension(IHostApplicationBuilder builder)
    {
        /// <summary>Relays what a service publishes with its rows; needs <c>AddPostgres</c> of the service.</summary>
        public void AddOutboxRelay(string service)
        {
            builder.AddStreaming();
            var services = builder.Services;
            services.AddOptions<OutboxOptions>()
                .BindConfiguration("Outbox").ValidateDataAnnotations().ValidateOnStart();
            services.TryAddSingleton<OutboxMetrics>();
            services.TryAddKeyedSingleton<OpenOutboxSender>(service, (provider, _) =>
                () => new KafkaOutboxSender(provider.GetRequiredService<Producers>().Gapless($"outbox-{service}")));
            services.AddKeyedSingleton(service, (provider, _) => new OutboxStatus(
                service, Options(provider), provider.GetRequiredService<OutboxMetrics>()));
            services.AddSingleton<IHostedService>(provider => new OutboxRelay(
                provider.GetRequiredKeyedService<ServiceDatabase>(service),
                provider.GetRequiredKeyedService<OpenOutboxSender>(service),
                Options(provider),
                provider.GetRequiredKeyedService<OutboxStatus>(service),
                provider.GetRequiredService<TimeProvider>()));
            services.AddHealthChecks().Add(new HealthCheckRegistration(
                $"outbox-{service}",
                provider => provider.GetRequiredKeyedService<OutboxStatus>(service),
                failureStatus: null,
                ["ready"]));
        }
    }

    private static OutboxOptions Options(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<OutboxOptions>>().Value;
}
