namespace Tributary.Testing.Crashes;

/// <summary>
/// What went in against what came out of one consumer, by id. Pure. An id whose fate is unknown may come out once or
/// not at all; one that was refused or never sent must not.
/// </summary>
public sealed record Reconciliation
{
    public required string Consumer { get; init; }

    /// <summary>How many different ids came out.</summary>
    public required int Distinct { get; init; }

    /// <summary>Acknowledged, and never came out.</summary>
    public required IReadOnlyList<string> Lost { get; init; }

    /// <summary>Came out more than once.</summary>
    public required IReadOnlyList<string> Doubled { get; init; }

    /// <summary>Came out for the first time after a later one of its key.</summary>
    public required IReadOnlyList<string> OutOfOrder { get; init; }

    /// <summary>Came out though it was refused or never sent.</summary>
    public required IReadOnlyList<string> Unexpected { get; init; }

    public bool IsClean => Lost.Count + Doubled.Count + OutOfOrder.Count + Unexpected.Count == 0;

    /// <summary>The first id that went wrong, in the order of sending; null where none did.</summary>
    public string? FirstBad { get; private init; }

    public static Reconciliation Of(
        string consumer, IReadOnlyCollection<Entry> entries, IReadOnlyList<Sighting> sightings)
    {
        var sent = entries.ToDictionary(entry => entry.Id);
        var times = new Dictionary<string, int>(sightings.Count);
        var highest = new Dictionary<string, long>();
        List<string> doubled = [], outOfOrder = [], unexpected = [];
        foreach (var sighting in sightings)
        {
            var count = times[sighting.Id] = times.GetValueOrDefault(sighting.Id) + 1;
            if (count == 2) doubled.Add(sighting.Id);
            if (count > 1) continue; // A double is not also out of order.
            if (!sent.TryGetValue(sighting.Id, out var entry) || entry.Outcome == Outcome.Refused)
            {
                unexpected.Add(sighting.Id);
                continue;
            }
            if (highest.TryGetValue(entry.Key, out var high) && entry.Sequence < high) outOfOrder.Add(entry.Id);
            else highest[entry.Key] = entry.Sequence;
        }
        var lost = entries
            .Where(entry => entry.Outcome == Outcome.Acknowledged && !times.ContainsKey(entry.Id))
            .OrderBy(entry => entry.SentAt).ThenBy(entry => entry.Sequence)
            .Select(entry => entry.Id)
            .ToList();
        return new()
        {
            Consumer = consumer,
            Distinct = times.Count,
            Lost = lost,
            Doubled = doubled,
            OutOfOrder = outOfOrder,
            Unexpected = unexpected,
            FirstBad = lost.Concat(doubled).Concat(outOfOrder).Concat(unexpected)
                .OrderBy(id => sent.TryGetValue(id, out var entry) ? entry.SentAt : DateTimeOffset.MaxValue)
                .FirstOrDefault(),
        };
    }
}
