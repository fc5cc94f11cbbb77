using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Tributary.Hosting;

/// <summary>Where a running service really listens, with the ports that were taken for port 0.</summary>
public sealed record ServiceAddresses(Uri Http, Uri Grpc, Uri Operations)
{
    /// <summary>Reads the addresses of a host that has started.</summary>
    public static ServiceAddresses Of(IHost host)
    {
        var bound = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
        return bound?.Addresses.Select(address => new Uri(address)).ToArray() is [var http, var grpc, var operations]
            ? new(http, grpc, operations)
            : throw new InvalidOperationException("The service does not listen: start it first.");
    }
}
