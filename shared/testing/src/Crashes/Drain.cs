namespace Tributary.Testing.Crashes;

/// <summary>Waits until all that was acknowledged came out everywhere, and then a little more for doubles.</summary>
public sealed class Drain(TimeProvider time, RoundBounds bounds)
{
    private static readonly TimeSpan PollWait = TimeSpan.FromMilliseconds(300);

    /// <param name="meanwhile">Done between two looks; keeps the parts up.</param>
    /// <returns>What came out of each outlet, complete or not: a bound ends the wait.</returns>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<Sighting>>> UntilSettledAsync(
        IReadOnlyList<Outlet> outlets, Account account, Func<Task> meanwhile, CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        var changedAt = startedAt;
        var counted = -1;
        var acknowledged = account.Entries
            .Where(entry => entry.Outcome == Outcome.Acknowledged).Select(entry => entry.Id).ToList();
        while (true)
        {
            var sightings = new Dictionary<string, IReadOnlyList<Sighting>>();
            foreach (var outlet in outlets) sightings[outlet.Consumer] = await outlet.ReadAsync(cancellationToken);
            var count = sightings.Values.Sum(seen => seen.Count);
            if (count != counted) changedAt = time.GetTimestamp();
            counted = count;

            var isComplete = sightings.Values.All(
                seen => seen.Select(sighting => sighting.Id).ToHashSet().IsSupersetOf(acknowledged));
            var quietFor = time.GetElapsedTime(changedAt);
            if (quietFor >= (isComplete ? bounds.SettledFor : bounds.QuietMax)) return sightings;
            if (time.GetElapsedTime(startedAt) >= bounds.DrainMax) return sightings;
            await meanwhile();
            await Task.Delay(PollWait, time, cancellationToken);
        }
    }
}
