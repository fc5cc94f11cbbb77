using System.Diagnostics;

namespace Tributary.Streaming.Tests;

/// <summary>Waits for what must come to hold, and fails when it does not within a bound.</summary>
internal static class Eventually
{
    public static Task Holds(Func<bool> condition) => Holds(condition, KafkaFixture.Patience);

    public static async Task Holds(Func<bool> condition, TimeSpan patience)
    {
        var startedAt = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(startedAt) > patience) Assert.Fail($"did not come to hold within {patience}");
            await Task.Delay(20);
        }
    }
}
