using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Tributary.Hosting.Listening;

/// <summary>Where a service listens. Port 0 takes any free port; <see cref="ServiceAddresses"/> says which.</summary>
internal sealed class ListenerOptions : IValidatableObject
{
    /// <summary>HTTP/1.1: interfaces for the world, pages, documentation.</summary>
    [Required]
    public string Http { get; init; } = "127.0.0.1:8080";

    /// <summary>Plaintext HTTP/2: calls between services.</summary>
    [Required]
    public string Grpc { get; init; } = "127.0.0.1:8082";

    /// <summary>HTTP/1.1: health and metrics, for those who run the service.</summary>
    [Required]
    public string Operations { get; init; } = "127.0.0.1:8083";

    /// <summary>
    /// Networks (10.0.0.0/8), separated by commas, of the proxies whose X-Forwarded headers are believed.
    /// </summary>
    public string TrustedProxies { get; init; } = "";

    public IEnumerable<(Listener Listener, IPEndPoint Address)> Addresses() =>
        from pair in new[] { (Listener.Http, Http), (Listener.Grpc, Grpc), (Listener.Operations, Operations) }
        let address = Parse(pair.Item2)
        where address is not null
        select (pair.Item1, address);

    public IEnumerable<System.Net.IPNetwork> Proxies() =>
        from text in TrustedProxies.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        where System.Net.IPNetwork.TryParse(text, out _)
        select System.Net.IPNetwork.Parse(text);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        (string, string)[] doors = [(nameof(Http), Http), (nameof(Grpc), Grpc), (nameof(Operations), Operations)];
        foreach (var (name, text) in doors)
        {
            if (Parse(text) is null)
                yield return new("must be an address and a port such as 127.0.0.1:8080 or [::]:8080", [name]);
        }
        var proxies = TrustedProxies.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (Proxies().Count() != proxies.Length)
            yield return new("must be networks such as 10.0.0.0/8, separated by commas", [nameof(TrustedProxies)]);
    }

    private static IPEndPoint? Parse(string? text)
    {
        var plain = text?.Replace("localhost", "127.0.0.1", StringComparison.OrdinalIgnoreCase) ?? "";
        var isWhole = IPEndPoint.TryParse(plain, out var address)
            && plain.EndsWith($":{address.Port}", StringComparison.Ordinal);
        return isWhole ? address : null;
    }
}
