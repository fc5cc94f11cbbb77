using System.ComponentModel.DataAnnotations;

namespace Tributary.Hosting.RateLimits;

/// <summary>How many requests one caller may make. The numbers are the code's unless an operator sets others.</summary>
internal sealed class RateLimit
{
    [Range(1, 1_000_000)]
    public int Permits { get; set; } = 100;

    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How many callers with keys of their own may share an address at full rate. A bound, because a key is not yet
    /// proven when it is counted: inventing keys gains this factor and no more.
    /// </summary>
    [Range(1, 1_000)]
    public int KeysPerAddressMax { get; set; } = 10;
}
