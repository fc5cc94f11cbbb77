using Tributary.Hosting;

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
        }
    }

    extension(IEndpointRouteBuilder routes)
    {
        /// <summary>The senders' routes, and the API of events.</summary>
        public void MapIngestion()
        {
        }
    }
}
