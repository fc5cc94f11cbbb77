using Tributary.Authorisation;
using Tributary.Contracts;
using Tributary.Hosting;
using Tributary.Ingestion.Deduplicating;
using Tributary.Ingestion.Finding;
using Tributary.Ingestion.Receiving;
using Tributary.Ingestion.Storing;
using Tributary.Postgres;
using Tributary.Streaming;

namespace Tributary.Ingestion;

/// <summary>Ingestion as a part of a host: its own, or the one of every service.</summary>
public static class IngestionService
{
    extension(IHostApplicationBuilder builder)
    {
        /// <summary>What accepts events, counts each once and writes the read model.</summary>
        public void AddIngestion()
        {
            builder.AddValidatedOptions<IngestionOptions>("Ingestion");
            var works = WorksOf(builder);
            if (works is { Receive: false, Deduplicate: false, Store: false }) return;

            builder.AddTopics("ingestion", Topics.Streams);
            if (works.Receive) builder.AddReceiving();
            if (works.Receive) builder.AddFinding();
            builder.AddPipeline();
        }

        /// <summary>What lies behind the edge: from <c>received.v1</c> to ClickHouse, as far as it is on.</summary>
        internal void AddPipeline()
        {
            var works = WorksOf(builder);
            if (works.Deduplicate || works.Store) builder.AddPostgres("ingestion", typeof(IngestionService).Assembly);
            if (works.Deduplicate) builder.AddDeduplicating();
            if (works.Store) builder.AddStoring();
        }
    }

    extension(IEndpointRouteBuilder routes)
    {
        /// <summary>The senders' routes, and the API of events.</summary>
        public void MapIngestion()
        {
            if (routes.ServiceProvider.GetService<ReceiveEvents>() is not null) routes.MapReceiving();
            if (routes.ServiceProvider.GetService<FindEvent>() is null) return;

            routes.MapFinding();
            routes.MapGrpcService<AnswerServices>().RequireService();
        }
    }

    private static IngestionOptions WorksOf(IHostApplicationBuilder builder) =>
        builder.Configuration.GetSection("Ingestion").Get<IngestionOptions>() ?? new();
}
