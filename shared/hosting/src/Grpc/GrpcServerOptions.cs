using System.ComponentModel.DataAnnotations;

namespace Tributary.Hosting.Grpc;

internal sealed class GrpcServerOptions
{
    /// <summary>Deadline of a call with one response whose caller gives none. Streams may last.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan DeadlineDefault { get; init; } = TimeSpan.FromSeconds(30);

    [Range(1_024, 64 * 1_024 * 1_024)]
    public int MessageBytesMax { get; init; } = 4 * 1_024 * 1_024;

    /// <summary>Whether callers may ask which services there are and what they look like.</summary>
    public bool Reflection { get; init; } = true;
}
