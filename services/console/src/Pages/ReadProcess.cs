using System.Diagnostics;
using System.Net;
using System.Reflection;
using Tributary.Hosting;

namespace Tributary.Console.Pages;

/// <summary>What the process can say of itself to a visitor.</summary>
internal sealed class ReadProcess(IHost host, IHostEnvironment environment, EndpointDataSource endpoints)
{
    private static readonly DateTimeOffset Since = Process.GetCurrentProcess().StartTime.ToUniversalTime();

    public RunningProcess For(HttpRequest visitor)
    {
        var listens = ServiceAddresses.Of(host);
        var isHere = visitor.HttpContext.Connection.RemoteIpAddress is { } from && IPAddress.IsLoopback(from);
        var paths = endpoints.Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => "/" + endpoint.RoutePattern.RawText?.TrimStart('/')).ToHashSet();
        IEnumerable<(string What, string Path, Uri At, bool IsPublic)> doors =
        [
            ("API reference", "/docs", listens.Http, true),
            ("OpenAPI document", "/openapi/v1.json", listens.Http, true),
            ("Health, for probes", "/health/ready", listens.Operations, false),
            ("Metrics, for Prometheus", "/metrics", listens.Operations, false),
        ];
        return new(
            Name(), Version(), Since,
            [.. from door in doors
                where paths.Contains(door.Path) || paths.Contains(OfAnyVersion(door.Path))
                let there = door.IsPublic ? door.Path : Near(door.At, visitor) + door.Path
                select new Door(door.What, there, door.IsPublic || isHere),
             new("gRPC, for services", Near(listens.Grpc, visitor), IsLink: false)]);
    }

    private static string OfAnyVersion(string path) =>
        path.Replace("/v1.", "/{documentName}.", StringComparison.Ordinal);

    // An address that means "everywhere" is told as the name by which the visitor came.
    private static string Near(Uri address, HttpRequest visitor) =>
        IPAddress.TryParse(address.DnsSafeHost, out var host)
        && (host.Equals(IPAddress.Any) || host.Equals(IPAddress.IPv6Any))
            ? $"{address.Scheme}://{visitor.Host.Host}:{address.Port}"
            : address.GetLeftPart(UriPartial.Authority);

    // The assembly is called Tributary.Standalone; in logs, commands and tables the same is standalone.
    private string Name() => environment.ApplicationName.Split('.')[^1].ToLowerInvariant();

    private static string Version() => Assembly.GetEntryAssembly()?
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";
}
