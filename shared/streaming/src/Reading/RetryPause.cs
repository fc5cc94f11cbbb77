namespace Tributary.Streaming.Reading;

/// <summary>How long a partition rests after failures one after the other.</summary>
internal static class RetryPause
{
    /// <summary>
    /// Doubles from first to max; up to half of it is left out, so that what failed together returns apart.
    /// </summary>
    public static TimeSpan After(int failures, ReaderOptions options, Random chance)
    {
        var doubled = options.RetryPauseFirst * Math.Pow(2, Math.Min(failures - 1, 30));
        var bounded = doubled < options.RetryPauseMax ? doubled : options.RetryPauseMax;
        return bounded * (1 - (chance.NextDouble() / 2));
    }
}
