using Tributary.Accounts;
using Tributary.Console;
using Tributary.Ingestion;

namespace Tributary.Standalone;

/// <summary>Every service that there is, in the order in which they start: what others follow comes first.</summary>
internal static class EveryService
{
    public static void AddEveryService(this IHostApplicationBuilder builder)
    {
        builder.AddAccounts();
        builder.AddConsole();
        builder.AddIngestion();
    }

    public static void MapEveryService(this IEndpointRouteBuilder routes)
    {
        routes.MapAccounts();
        routes.MapConsole();
        routes.MapIngestion();
    }
}
