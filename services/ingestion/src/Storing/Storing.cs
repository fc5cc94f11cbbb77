using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Tributary.ClickHouse;
using Tributary.Contracts;
using Tributary.Hosting;
using Tributary.Postgres;
using Tributary.Postgres.Offsets;
using Tributary.ReadModel;
using Tributary.Streaming;

namespace Tributary.Ingestion.Storing;

/// <summary>How the topics' events become ClickHouse's rows.</summary>
internal static class Storing
{
    private const string Service = "ingestion";

    extension(IHostApplicationBuilder builder)
    {
        /// <summary>Each row once, by as many processes as share the partitions.</summary>
        public void AddStoring()
        {
            builder.AddValidatedOptions<StoringOptions>("Ingestion:Storing");
            builder.AddValidatedOptions<ClickHouseOptions>("ClickHouse");
            builder.AddValidatedOptions<ReadModelOptions>("Ingestion:ReadModel");
            var services = builder.Services;
            services.AddSingleton<StoringMetrics>();
            services.AddSingleton<StoringStatus>();
            services.AddSingleton(SurroundingsOf);
            services.AddSingleton(provider => new BlockLedger(
                provider.GetRequiredKeyedService<ServiceDatabase>(Service),
                provider.GetRequiredKeyedService<PostgresOffsets>(Service)));
            services.AddKeyedSingleton(Service, (provider, _) => new ClickHouseClient(AddressOf(provider)));
            services.AddSingleton(provider => new ReadModelStart(
                provider.GetRequiredKeyedService<ClickHouseClient>(Service),
                provider.GetRequiredKeyedService<ServiceDatabase>(Service),
                provider.GetRequiredService<StoringSurroundings>(),
                provider.GetRequiredService<IOptions<ReadModelOptions>>(),
                provider.GetRequiredService<ILogger<ReadModelStart>>()));
            services.AddHostedService(provider => provider.GetRequiredService<ReadModelStart>());
            services.AddHealthChecks().Add(new HealthCheckRegistration(
                "read-model", provider => provider.GetRequiredService<StoringStatus>(), failureStatus: null,
                ["ready"]));
            services.AddSingleton(provider => new InsertBlocks(
                provider.GetRequiredKeyedService<ClickHouseClient>(Service),
                provider.GetRequiredService<BlockLedger>(), provider.GetRequiredService<StoringSurroundings>(),
                provider.GetRequiredService<ILogger<InsertBlocks>>()));
            builder.AddBlocksOf(StoreBlocks.Events, Topics.Events, () => new EventRows());
            builder.AddBlocksOf(StoreBlocks.Rejected, Topics.EventsRejected, () => new RejectedRows());
        }

        private void AddBlocksOf(string consumer, Topic topic, Func<IRows> rows)
        {
            var options = builder.Configuration.GetSection("Ingestion:Storing").Get<StoringOptions>() ?? new();
            builder.Services.AddKeyedSingleton<IOffsetStore>(
                consumer, (provider, _) => provider.GetRequiredService<BlockLedger>());
            builder.Services.AddKeyedSingleton<IBatchHandler<byte[]>>(consumer, (provider, _) => new StoreBlocks(
                new RowsInUse(rows, options.BlocksAtOnceMax),
                provider.GetRequiredService<BlockLedger>(),
                provider.GetRequiredService<InsertBlocks>(),
                provider.GetRequiredService<ReadModelStart>().Ready,
                provider.GetRequiredService<StoringSurroundings>()));
            builder.AddReader<byte[], StoreBlocks>(
                new ReaderPlan<byte[]>(Service, consumer, topic, value => value)
                {
                    Adjust = bounds => bounds with
                    {
                        BatchRecordsMax = options.BlockRowsMax,
                        BatchBytesMax = options.BlockBytesMax,
                        BatchAgeMax = options.BlockAgeMax,
                        BatchesAheadMax = 1,
                        HeldBytesMax = options.WaitingBytesMax,
                        RetryPauseMax = TimeSpan.FromSeconds(5),
                    },
                    StartsAnewAfterFailure = true, // The ledger alone knows which block a failed one has to be.
                });
        }
    }

    private static StoringSurroundings SurroundingsOf(IServiceProvider provider) => new(
        provider.GetRequiredService<IOptions<StoringOptions>>().Value,
        new ClickHouseConnectionStringBuilder(provider.GetRequiredService<IOptions<ClickHouseOptions>>().Value.Url)
            .Database,
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<StoringStatus>(),
        provider.GetRequiredService<StoringMetrics>());

    /// <summary>Without the client's own tries: before each, the ledger has its say.</summary>
    private static string AddressOf(IServiceProvider provider) =>
        new ClickHouseConnectionStringBuilder(provider.GetRequiredService<IOptions<ClickHouseOptions>>().Value.Url)
        {
            Retries = 0,
            Timeout = provider.GetRequiredService<IOptions<StoringOptions>>().Value.InsertMax,
        }.ConnectionString;
}
