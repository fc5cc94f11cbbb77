using Microsoft.Extensions.DependencyInjection.Extensions;
using Tributary.Authorisation;
using Tributary.ClickHouse;
using Tributary.Hosting;
using Tributary.Ingestion.Keeping;
using Tributary.Streaming;

namespace Tributary.Ingestion.Finding;

/// <summary>Finding: where an event is, which there are, and what arrives now.</summary>
internal static class FindingRegistration
{
    private const string ClickHouseHere = "http://default@127.0.0.1:8085/tributary";

    extension(IHostApplicationBuilder builder)
    {
        public void AddFinding()
        {
            builder.AddStreaming();
            builder.AddAccountDirectory();
            builder.AddValidatedOptions<FindingOptions>("Ingestion:Finding");
            var services = builder.Services;
            services.TryAddSingleton(provider => new ClickHouseClient(
                provider.GetRequiredService<IConfiguration>()["ClickHouse:Url"] ?? ClickHouseHere));
            services.AddSingleton<IsSpooled>(provider =>
                provider.GetService<Spool>() is { } spool ? new FindSpooled(spool).Holds : (_, _) => false);
            services.AddSingleton<FindingMetrics>();
            services.AddSingleton<LiveListeners>();
            services.AddSingleton<EventWindow>();
            services.AddSingleton<TailFollowing>();
            services.AddSingleton<TailSurroundings>();
            services.AddSingleton<EventStore>();
            services.AddSingleton<CountStore>();
            services.AddSingleton<FindEvent>();
            services.AddSingleton<AnswerFind>();
            services.AddSingleton<LiveSurroundings>();
            services.AddSingleton<LiveStreams>();
            services.AddHostedService<FollowTails>();
        }
    }

    extension(IEndpointRouteBuilder routes)
    {
        public void MapFinding()
        {
            routes.MapStreamLive();
            routes.MapCountEvents();
            routes.MapListEvents();
            routes.MapShowEvent();
        }
    }
}
