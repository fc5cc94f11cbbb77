using System.ComponentModel.DataAnnotations;

namespace Tributary.Console;

internal sealed class ConsoleOptions : IValidatableObject
{
    /// <summary>How often the host's health is asked, so that a page answers at once with what is known.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan HealthEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From what age on a page says that what it shows is old.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan StaleAfter { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Where ingestion's HTTP API is, such as http://ingestion:8080; empty: in this process.</summary>
    public string Ingestion { get; init; } = "";

    /// <summary>Where senders reach the edge, for the snippets; empty: where the visitor reached the console.</summary>
    public string Edge { get; init; } = "";

    /// <summary>How long someone stays signed in.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan SessionLasts { get; init; } = TimeSpan.FromHours(12);

    /// <summary>How often an open page counts what came in.</summary>
    [Range(typeof(TimeSpan), "00:00:00.2", "00:10:00")]
    public TimeSpan CountsEvery { get; init; } = TimeSpan.FromSeconds(5);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsAddressOrEmpty(Ingestion))
            yield return new("must be an address such as http://ingestion:8080", [nameof(Ingestion)]);
        if (!IsAddressOrEmpty(Edge))
            yield return new("must be an address such as https://events.example", [nameof(Edge)]);
    }

    private static bool IsAddressOrEmpty(string text) =>
        text.Length == 0
        || (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https");
}
