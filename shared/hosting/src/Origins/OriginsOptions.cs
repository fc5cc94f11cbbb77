using System.ComponentModel.DataAnnotations;

namespace Tributary.Hosting.Origins;

/// <summary>Which pages of other origins may call this service from a browser.</summary>
internal sealed class OriginsOptions : IValidatableObject
{
    /// <summary>
    /// Origins separated by commas, such as https://app.example.com: they may send credentials. <c>*</c> allows every
    /// origin, without credentials. Empty: none.
    /// </summary>
    public string AllowedOrigins { get; init; } = "";

    public string[] Origins() => [.. AllowedOrigins
        .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Select(origin => origin.TrimEnd('/'))];

    public bool AllowsAny => Origins() is ["*"];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!AllowsAny && !Origins().All(IsOrigin))
            yield return new("must be * or origins such as https://app.example.com", [nameof(AllowedOrigins)]);
    }

    private static bool IsOrigin(string origin) => Uri.TryCreate(origin, UriKind.Absolute, out var address)
        && address.Scheme is "http" or "https"
        && address.GetLeftPart(UriPartial.Authority).Equals(origin, StringComparison.OrdinalIgnoreCase);
}
