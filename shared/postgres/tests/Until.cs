using System.Diagnostics;

namespace Tributary.Postgres.Tests;

/// <summary>Waits for a condition and not for a clock; fails when it does not come.</summary>
internal static class Until
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            if (waited.Elapsed > Bound) Assert.Fail("what was waited for did not come");
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }
}
