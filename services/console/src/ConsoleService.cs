using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Tributary.Authorisation;
using Tributary.Console.Assets;
using Tributary.Console.Health;
using Tributary.Console.Live;
using Tributary.Console.Pages;
using Tributary.Console.Sessions;
using Tributary.Console.Upstream;
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
            builder.AddValidatedOptions<SealingOptions>("Encryption");
            builder.AddAccountDirectory();
            builder.AddRateLimit(SignIn.Limit, 10, TimeSpan.FromMinutes(1));
            builder.Services.AddRazorComponents();
            builder.Services.Replace(ServiceDescriptor.Singleton<IDataProtectionProvider, Sealing>());
            builder.Services.AddAntiforgery(KeepFormsOurs);
            builder.Services.AddSingleton<SessionCookie>();
            builder.Services.AddSingleton<PassOn>();
            builder.Services.AddSingleton<LiveSurroundings>();
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
            routes.MapSignIn();
            routes.MapStatusPage();
            routes.MapLivePage();
            routes.MapPassOn();
        }
    }

    private static void KeepFormsOurs(AntiforgeryOptions forms)
    {
        forms.FormFieldName = FormField.Name;
        forms.Cookie.Name = FormField.Cookie;
        forms.Cookie.SameSite = SameSiteMode.Strict;
        forms.SuppressXFrameOptionsHeader = true; // The policy of every page says it already.
    }
}
