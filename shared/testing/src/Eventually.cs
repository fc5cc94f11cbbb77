using System.Diagnostics;
using NUnit.Framework.Constraints;
using NUnit.Framework.Internal;

namespace Tributary.Testing;

/// <summary>Waits for what comes about by itself: polls, and never longer than a bound.</summary>
public static class Eventually
{
    private static readonly TimeSpan PollWait = TimeSpan.FromMilliseconds(20);

    /// <summary>How long a test waits where it names no bound of its own.</summary>
    public static TimeSpan WithinDefault { get; } = TimeSpan.FromSeconds(15);

    /// <summary>Fails with what was last read unless the constraint holds within the bound.</summary>
    public static Task ThatAsync<T>(Func<T> read, IResolveConstraint expected, TimeSpan? within = null) =>
        ThatAsync(() => Task.FromResult(read()), expected, within);

    /// <inheritdoc cref="ThatAsync{T}(Func{T}, IResolveConstraint, TimeSpan?)"/>
    public static async Task ThatAsync<T>(
        Func<Task<T>> readAsync, IResolveConstraint expected, TimeSpan? within = null)
    {
        var constraint = expected.Resolve();
        ConstraintResult? result = null;
        var bound = within ?? WithinDefault;
        if (await TryAsync(async () => (result = constraint.ApplyTo(await readAsync())).IsSuccess, bound)) return;

        using var message = new TextMessageWriter($"Not within {bound.TotalSeconds:0.#} s");
        result!.WriteMessageTo(message);
        throw new NUnit.Framework.AssertionException(message.ToString());
    }

    /// <summary>Throws a <see cref="TimeoutException"/> unless the condition comes about within the bound.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? within = null)
    {
        var bound = within ?? WithinDefault;
        if (!await TryAsync(condition, bound))
            throw new TimeoutException($"Not within {bound.TotalSeconds:0.#} s: {what}");
    }

    /// <inheritdoc cref="TrueAsync(Func{Task{bool}}, string, TimeSpan?)"/>
    public static Task TrueAsync(Func<bool> condition, string what, TimeSpan? within = null) =>
        TrueAsync(() => Task.FromResult(condition()), what, within);

    /// <returns>Whether the condition came about within the bound; it is read at least once.</returns>
    public static async Task<bool> TryAsync(Func<Task<bool>> condition, TimeSpan within)
    {
        var startedAt = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(startedAt) > within) return false;
            await Task.Delay(PollWait);
        }
        return true;
    }
}
