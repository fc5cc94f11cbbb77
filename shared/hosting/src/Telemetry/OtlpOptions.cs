using System.ComponentModel.DataAnnotations;

namespace Tributary.Hosting.Telemetry;

internal enum OtlpProtocol
{
    Grpc,
    HttpProtobuf,
}

/// <summary>Where traces, metrics and logs are sent. Without an endpoint nothing is.</summary>
internal sealed class OtlpOptions : IValidatableObject
{
    public string Endpoint { get; init; } = "";

    /// <summary>grpc, or http/protobuf.</summary>
    public string Protocol { get; init; } = "grpc";

    /// <summary>name=value pairs separated by commas. May hold a secret.</summary>
    public string Headers { get; init; } = "";

    /// <summary>How often metrics are sent.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan MetricsInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The share kept of the traces that start here; a trace that a caller began follows the caller.</summary>
    [Range(0.0, 1.0)]
    public double TraceShare { get; init; } = 1;

    public bool IsOn => Endpoint.Length > 0;

    public OtlpProtocol Wire => Protocol is "http/protobuf" ? OtlpProtocol.HttpProtobuf : OtlpProtocol.Grpc;

    /// <summary>The endpoint for one signal: over HTTP each has a path of its own.</summary>
    public Uri For(string signal) => Wire is OtlpProtocol.Grpc
        ? new Uri(Endpoint)
        : new Uri($"{Endpoint.TrimEnd('/')}/v1/{signal}");

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var isAddress = Uri.TryCreate(Endpoint, UriKind.Absolute, out var address)
            && address.Scheme is "http" or "https";
        if (IsOn && !isAddress)
            yield return new("must be an address such as http://collector:4317", [nameof(Endpoint)]);
        if (Protocol is not ("grpc" or "http/protobuf"))
            yield return new("must be grpc or http/protobuf", [nameof(Protocol)]);
    }
}
