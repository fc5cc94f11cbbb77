using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;

namespace Tributary.Hosting.Grpc;

/// <summary>
/// Section <c>Services</c>: the key by which the services of an installation know each other. While it is replaced
/// there are several, by commas: the first is shown to others, each is accepted.
/// </summary>
public sealed class ServiceKeyOptions : IValidatableObject
{
    private const int LengthMin = 24;

    /// <summary>Random, at least 24 characters each. Empty: calls that need it are neither made nor accepted.</summary>
    public string Key { get; init; } = "";

    internal string Shown => Each().FirstOrDefault("");

    /// <summary>In a time that does not tell how much of it was right.</summary>
    public bool Accepts(string shown)
    {
        var isOne = false;
        Span<byte> digest = stackalloc byte[32], known = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(shown), digest);
        foreach (var key in Each())
        {
            SHA256.HashData(Encoding.UTF8.GetBytes(key), known);
            isOne |= CryptographicOperations.FixedTimeEquals(digest, known);
        }
        return isOne;
    }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Each().Any(key => key.Length < LengthMin))
            yield return new($"must have {LengthMin} characters or more, each of several by commas", [nameof(Key)]);
    }

    private string[] Each() => Key.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
