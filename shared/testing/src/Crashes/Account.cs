using System.Collections.Concurrent;

namespace Tributary.Testing.Crashes;

/// <summary>How the sending of an id ended.</summary>
public enum Outcome
{
    /// <summary>Handed over; no answer yet.</summary>
    Sent,

    /// <summary>It was promised to be kept.</summary>
    Acknowledged,

    /// <summary>It was promised not to be kept.</summary>
    Refused,

    /// <summary>No one knows: it may be kept or not, but not twice.</summary>
    Unknown,
}

/// <summary>One id that went in.</summary>
/// <param name="Key">Ids of one key come out in the order of their sequence.</param>
/// <param name="Place">Where it was put, or why it was not.</param>
public sealed record Entry(
    string Id, string Key, long Sequence, DateTimeOffset SentAt, Outcome Outcome, DateTimeOffset EndedAt, string Place);

/// <summary>One id as it came out. A consumer's sightings are listed in the order in which it made them.</summary>
/// <param name="Place">Where it was seen: a row, a partition and offset.</param>
public sealed record Sighting(string Id, string Place, DateTimeOffset? At = null);

/// <summary>
/// Keeps account of what a load sent and what was promised about it. Any thread may write; ids are bounded, and an id
/// is sent once.
/// </summary>
public sealed class Account(TimeProvider time)
{
    /// <summary>A round holds no more ids than this.</summary>
    public const int IdsMax = 2_000_000;

    private readonly ConcurrentDictionary<string, Entry> _entries = new();

    /// <summary>What went in so far, in no order.</summary>
    public IReadOnlyCollection<Entry> Entries => [.. _entries.Values];

    public int Count => _entries.Count;

    /// <summary>Before it is handed over: what was never sent is unexpected where it comes out.</summary>
    public void Sent(string id, string key, long sequence)
    {
        if (_entries.Count >= IdsMax) throw new InvalidOperationException($"More than {IdsMax} ids in one round");
        var now = time.GetUtcNow();
        if (!_entries.TryAdd(id, new(id, key, sequence, now, Outcome.Sent, now, "")))
            throw new InvalidOperationException($"The id {id} was sent before");
    }

    public void Acknowledged(string id, string place) => End(id, Outcome.Acknowledged, place);

    public void Refused(string id, string reason) => End(id, Outcome.Refused, reason);

    public void Unknown(string id, string reason) => End(id, Outcome.Unknown, reason);

    private void End(string id, Outcome outcome, string place) =>
        _entries[id] = _entries[id] with { Outcome = outcome, EndedAt = time.GetUtcNow(), Place = place };
}
