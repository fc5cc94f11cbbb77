using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Tributary.Hosting.Listening;

/// <summary>
/// Opens the three listeners and sets the limits of each connection. Runs while the host is being built, before
/// options are checked: what is wrong is left out here and reported by that check.
/// </summary>
internal sealed class ConfigureKestrel(IOptionsMonitor<ListenerOptions> listen, IOptionsMonitor<LimitsOptions> limits)
    : IConfigureOptions<KestrelServerOptions>
{
    public void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        if (Read(limits) is { } bounds) Limit(options.Limits, bounds);
        if (Read(listen) is not { } doors) return;

        foreach (var (listener, address) in doors.Addresses())
        {
            options.Listen(address, endpoint =>
            {
                endpoint.Protocols = listener is Listener.Grpc ? HttpProtocols.Http2 : HttpProtocols.Http1;
                endpoint.Use(next => connection =>
                {
                    connection.Features.Set(new ListenerFeature(listener));
                    return next(connection);
                });
            });
        }
    }

    private static void Limit(KestrelServerLimits limits, LimitsOptions options)
    {
        limits.MaxRequestBodySize = options.BodyBytesMax;
        limits.MinRequestBodyDataRate = new(options.BodyBytesPerSecondMin, options.BodyGrace);
        limits.MaxRequestHeaderCount = options.HeadersMax;
        limits.MaxRequestHeadersTotalSize = options.HeaderBytesMax;
        limits.MaxRequestLineSize = options.RequestLineBytesMax;
        limits.RequestHeadersTimeout = options.HeadersTimeout;
        limits.KeepAliveTimeout = options.IdleTimeout;
        limits.MaxConcurrentConnections = options.ConnectionsMax;
        limits.MaxConcurrentUpgradedConnections = options.UpgradedConnectionsMax;
        limits.Http2.MaxStreamsPerConnection = options.StreamsPerConnectionMax;
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30); // Finds peers that vanished without a word.
        limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);
    }

    private static TOptions? Read<TOptions>(IOptionsMonitor<TOptions> options)
        where TOptions : class
    {
        try
        {
            return options.CurrentValue;
        }
        catch (OptionsValidationException)
        {
            return null;
        }
    }
}
