using Microsoft.Extensions.Options;
using Tributary.Contracts;
using Tributary.Hosting;
using Tributary.Postgres.Offsets;
using Tributary.Streaming;
using Tributary.Streaming.Reading;
using Tributary.Streaming.Writing;

namespace Tributary.Ingestion.Deduplicating;

/// <summary>How <c>events.v1</c> is made of <c>received.v1</c>.</summary>
internal static class Deduplicating
{
    private const string Service = "ingestion";

    extension(IHostApplicationBuilder builder)
    {
        /// <summary>Each message id once, by as many processes as share the partitions.</summary>
        public void AddDeduplicating()
        {
            builder.AddValidatedOptions<DeduplicationOptions>("Ingestion:Deduplication");
            var services = builder.Services;
            services.AddSingleton(provider => new WindowFolder(
                OptionsOf(provider).Folder, provider.GetRequiredService<ILogger<WindowFolder>>()));
            services.AddSingleton(provider => new RestoreWindow(
                provider.GetRequiredService<PartitionScans>(), provider.GetRequiredService<WindowFolder>(),
                OptionsOf(provider).Bounds));
            services.AddSingleton(provider => new EventsTail(
                provider.GetRequiredService<PartitionScans>(), provider.GetRequiredService<RestoreWindow>(),
                provider.GetRequiredKeyedService<PostgresOffsets>(Service)));
            services.AddKeyedSingleton<IOffsetStore>(
                Deduplicate.Consumer, (provider, _) => provider.GetRequiredService<EventsTail>());
            services.AddSingleton(provider => new EventsWriter(provider.GetRequiredService<Producers>()));
            services.AddSingleton(provider => new DeduplicationClock(
                OptionsOf(provider).SaveEvery, provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton<DeduplicationMetrics>();
            services.AddHostedService<SaveWindows>(); // Before the reader, so that it stops after it.
            builder.AddReader<ReceivedEvent, Deduplicate>(
                new ReaderPlan<ReceivedEvent>(
                    Service, Deduplicate.Consumer, Topics.Received, value => ReceivedEvent.Read(value))
                {
                    Adjust = options => options with
                    {
                        BatchRecordsMax = 5_000,
                        BatchAgeMax = TimeSpan.FromMilliseconds(2), // Company comes while the last batch is written.
                        BatchesAheadMax = 2,
                        HeldBytesMax = 64 << 20,
                        RetryPauseMax = TimeSpan.FromSeconds(5),
                    },
                    StartsAnewAfterFailure = true,
                    TakesRetries = false, // A retried record has no place in the order that the tail tells.
                });
        }
    }

    private static DeduplicationOptions OptionsOf(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<DeduplicationOptions>>().Value;
}
