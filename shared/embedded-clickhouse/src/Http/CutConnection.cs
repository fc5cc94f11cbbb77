using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Tributary.EmbeddedClickHouse.Http;

/// <summary>Ends a connection without ending its chunked body, after what was written has gone out.</summary>
internal static class CutConnection
{
    public static async Task AfterWhatWasWrittenAsync(HttpContext context, CancellationToken cancellationToken)
    {
        await context.Response.Body.FlushAsync(cancellationToken);
        if (context.Features.Get<OutputGate>() is { } gate) gate.Close();
        context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
    }
}
