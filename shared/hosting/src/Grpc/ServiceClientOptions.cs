using System.ComponentModel.DataAnnotations;

namespace Tributary.Hosting.Grpc;

/// <summary>How one service calls another.</summary>
internal sealed class ServiceClientOptions : IValidatableObject
{
    /// <summary>Such as http://accounts:8082. Without one, <c>Clients:Address</c> is that of all services.</summary>
    public string Address { get; set; } = "";

    /// <summary>Of a call with one response, all attempts together, where the caller gives none.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:10:00")]
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The first and its repetitions.</summary>
    [Range(1, 10)]
    public int AttemptsMax { get; set; } = 4;

    /// <summary>Before the first repetition; doubled, with jitter, before each further one.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan Backoff { get; set; } = TimeSpan.FromMilliseconds(50);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Uri.TryCreate(Address, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            yield return new("must be an address such as http://accounts:8082", [nameof(Address)]);
    }
}
