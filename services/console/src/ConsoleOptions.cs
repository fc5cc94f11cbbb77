using System.ComponentModel.DataAnnotations;

namespace Tributary.Console;

internal sealed class ConsoleOptions
{
    /// <summary>How often the host's health is asked, so that a page answers at once with what is known.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan HealthEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From what age on a page says that what it shows is old.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan StaleAfter { get; init; } = TimeSpan.FromSeconds(20);
}
