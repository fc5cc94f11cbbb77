using System.ComponentModel.DataAnnotations;

namespace Tributary.Hosting.Listening;

/// <summary>What one client may ask of a service before it is cut off.</summary>
internal sealed class LimitsOptions
{
    /// <summary>Largest body of a request; an endpoint may ask for less or more. Above: 413.</summary>
    [Range(1_024, 256L * 1_024 * 1_024)]
    public long BodyBytesMax { get; init; } = 4 * 1_024 * 1_024;

    /// <summary>Slowest body that is still read, after <see cref="BodyGrace"/>. Below: 408.</summary>
    [Range(1, 1_048_576)]
    public int BodyBytesPerSecondMin { get; init; } = 240;

    [Range(typeof(TimeSpan), "00:00:01.001", "00:01:00")]
    public TimeSpan BodyGrace { get; init; } = TimeSpan.FromSeconds(5);

    [Range(8, 256)]
    public int HeadersMax { get; init; } = 64;

    /// <summary>All headers of a request together. Above: 431.</summary>
    [Range(4_096, 131_072)]
    public int HeaderBytesMax { get; init; } = 32_768;

    [Range(1_024, 65_536)]
    public int RequestLineBytesMax { get; init; } = 8_192;

    /// <summary>Longest time to send the headers; a client that drips them is cut off.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan HeadersTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may stay open without a request.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(130);

    /// <summary>Longest answer to a request that is not gRPC, unless its endpoint says otherwise. Above: 504.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Open connections of all ports together; more are closed at once.</summary>
    [Range(10, 100_000)]
    public int ConnectionsMax { get; init; } = 10_000;

    /// <summary>Open WebSocket connections.</summary>
    [Range(0, 100_000)]
    public int UpgradedConnectionsMax { get; init; } = 1_000;

    /// <summary>Requests under way on one HTTP/2 connection.</summary>
    [Range(1, 10_000)]
    public int StreamsPerConnectionMax { get; init; } = 256;
}
