using Tributary.Console.Assets;
using Tributary.Console.Health;
using Tributary.Console.Pages;
using Tributary.Hosting;

namespace Tributary.Console;

/// <summary>The console as a part of a host: its own, or the one of every service.</summary>
public static class ConsoleService
{
    extension(IHostApplicationBuilder builder)
    {
        /// <summary>What the pages need.</summary>
        public void AddConsole()
        {
            builder.AddValidatedOptions<ConsoleOptions>("Console");
            builder.Services.AddRazorComponents();
            builder.Services.AddSingleton<ReadProcess>();
            builder.Services.AddSingleton<HealthWatch>();
            builder.Services.AddHostedService(services => services.GetRequiredService<HealthWatch>());
        }
    }

    extension(IEndpointRouteBuilder routes)
    {
        /// <summary>The pages at the root, their files under /console.</summary>
        public void MapConsole()
        {
            routes.MapAssets();
            routes.MapStatusPage();
        }
    }
}
