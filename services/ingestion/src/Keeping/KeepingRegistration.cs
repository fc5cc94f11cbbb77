using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Tributary.Contracts;
using Tributary.Hosting;
using Tributary.Streaming.Writing;

namespace Tributary.Ingestion.Keeping;

/// <summary>How what was received is kept.</summary>
internal static class KeepingRegistration
{
    extension(IHostApplicationBuilder builder)
    {
        public void AddKeeping()
        {
            builder.AddValidatedOptions<KeepingOptions>("Ingestion:Keep");
            builder.AddValidatedOptions<SpoolOptions>("Ingestion:Spool");
            var services = builder.Services;
            services.AddSingleton(provider => ProducerOf(
                provider.GetRequiredService<Producers>(),
                provider.GetRequiredService<IOptions<KeepingOptions>>().Value));
            services.AddSingleton<SpooledPersons>();
            services.AddSingleton(provider => new Keeper(
                provider.GetRequiredService<ByteProducer>(),
                provider.GetRequiredService<SpooledPersons>(),
                provider.GetService<Spool>(),
                provider.GetRequiredService<IOptions<KeepingOptions>>().Value,
                provider.GetRequiredService<TimeProvider>()));
            services.AddHostedService<WarmUp>();
            services.AddHealthChecks().Add(new HealthCheckRegistration(
                "keeping",
                provider => new KeepingHealth(
                    provider.GetRequiredService<Keeper>(), provider.GetRequiredService<ByteProducer>(),
                    provider.GetService<Spool>()),
                failureStatus: null,
                tags: ["ready"]));
            if (!string.IsNullOrEmpty(builder.Configuration["Ingestion:Spool:Folder"])) builder.AddSpool();
        }

        private void AddSpool()
        {
            builder.Services.AddSingleton(provider => new Spool(
                provider.GetRequiredService<IOptions<SpoolOptions>>().Value,
                provider.GetRequiredService<SpooledPersons>(),
                provider.GetRequiredService<ILogger<Spool>>()));
            builder.Services.AddHostedService<DrainSpool>();
        }
    }

    private static ByteProducer ProducerOf(Producers producers, KeepingOptions options) =>
        producers.Bytes(Topics.Received, new ByteProducerOptions("edge")
        {
            BufferBytesMax = options.BufferBytesMax,
            DeliveryTimeMax = options.AnswerTimeMax,
            BatchesInFlightMax = options.BatchesInFlightMax,
        });
}
