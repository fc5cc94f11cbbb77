using System.Reflection;
using Microsoft.Extensions.Options;
using Tributary.Authorisation;
using Tributary.Hosting;
using Tributary.Ingestion.Keeping;

namespace Tributary.Ingestion.Receiving;

/// <summary>How senders reach this service.</summary>
internal static class ReceivingRegistration
{
    extension(IHostApplicationBuilder builder)
    {
        public void AddReceiving()
        {
            builder.AddValidatedOptions<ReceivingOptions>("Ingestion:Receive");
            builder.AddAccountDirectory();
            builder.AddKeeping();
            var services = builder.Services;
            services.AddSingleton(provider => provider.GetRequiredService<IOptions<ReceivingOptions>>().Value);
            services.AddSingleton(provider =>
                new BodyRoom(provider.GetRequiredService<ReceivingOptions>().BodyBytesInFlightMax));
            services.AddSingleton<SendingPace>();
            services.AddSingleton<Surroundings>();
            services.AddSingleton<ReceivingMetrics>();
            services.AddSingleton<ReceiveEvents>();
            services.AddSingleton<RecordRejections>();
            services.AddHostedService(provider => provider.GetRequiredService<RecordRejections>());
        }
    }

    extension(IEndpointRouteBuilder routes)
    {
        /// <summary>
        /// Anyone may call these: each of them looks at the write key that is shown. They are answered right after
        /// routing, without what is for people and programs: answers as problems, our own origins, rate limits.
        /// </summary>
        public void MapReceiving()
        {
            var receive = routes.ServiceProvider.GetRequiredService<ReceiveEvents>();
            var accounts = routes.ServiceProvider.GetRequiredService<AccountDirectory>();
            foreach (var route in SenderRoute.All)
            {
                routes.MapMethods(route.Path, Any, http => receive.HandleAsync(http, route))
                    .AllowAnonymous().ShortCircuit().ExcludeFromDescription();
            }
            routes.MapMethods("/sourceConfig", Any, http => DescribeSource.AnswerRudder(http, accounts))
                .AllowAnonymous().ShortCircuit().ExcludeFromDescription();
            routes.MapMethods("/v1/projects/{writeKey}/settings", Any, http =>
                    DescribeSource.AnswerSegment(http, accounts, (string)http.Request.RouteValues["writeKey"]!))
                .AllowAnonymous().ShortCircuit().ExcludeFromDescription();
            routes.MapGet("/version", () => new { Version }).AllowAnonymous().ExcludeFromDescription();
            routes.MapGet("/robots.txt", () => "User-agent: *\nDisallow: /\n")
                .AllowAnonymous().ExcludeFromDescription();
        }
    }

    private static readonly string[] Any =
        [HttpMethods.Get, HttpMethods.Head, HttpMethods.Post, HttpMethods.Put, HttpMethods.Options];

    private static readonly string Version =
        typeof(ReceivingRegistration).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion ?? "";
}
