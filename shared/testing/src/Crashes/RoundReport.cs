using System.Globalization;
using System.Text;

namespace Tributary.Testing.Crashes;

/// <summary>What happened to a part, when the rig saw it.</summary>
public sealed record Incident(DateTimeOffset At, string Part, string What);

/// <summary>The account of a round: what went in, what was done to the parts, what came out of each consumer.</summary>
public sealed record RoundReport
{
    private const int IncidentsAroundMax = 20;
    private static readonly TimeSpan Around = TimeSpan.FromSeconds(10);

    public required int Seed { get; init; }

    public required TimeSpan Took { get; init; }

    public required IReadOnlyCollection<Entry> Entries { get; init; }

    public required IReadOnlyList<Incident> Incidents { get; init; }

    /// <summary>In the order of the way that an id takes.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<Sighting>> Sightings { get; init; }

    public required IReadOnlyList<Reconciliation> Consumers { get; init; }

    /// <summary>Compares what went in with what came out of each outlet.</summary>
    public static RoundReport Of(
        int seed, TimeSpan took, Account account, IReadOnlyList<Incident> incidents,
        IReadOnlyDictionary<string, IReadOnlyList<Sighting>> sightings) => new()
        {
            Seed = seed,
            Took = took,
            Entries = account.Entries,
            Incidents = [.. incidents],
            Sightings = sightings,
            Consumers = [.. sightings.Select(outlet => Reconciliation.Of(outlet.Key, account.Entries, outlet.Value))],
        };

    /// <summary>Nothing lost, doubled, inverted or made up, and something was acknowledged at all.</summary>
    public bool IsClean => Of(Outcome.Acknowledged) > 0 && Consumers.All(consumer => consumer.IsClean);

    public int Of(Outcome outcome) => Entries.Count(entry => entry.Outcome == outcome);

    /// <summary>How often this was done to, or seen of, a part.</summary>
    public int CountOf(string what) =>
        Incidents.Count(incident => incident.What.StartsWith(what, StringComparison.Ordinal));

    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(Invariant(
            $"seed {Seed}: {(IsClean ? "nothing lost, nothing doubled" : "BROKEN")}, {Took.TotalSeconds:0.0} s"));
        text.AppendLine(Invariant($"  in   sent {Entries.Count}, acknowledged {Of(Outcome.Acknowledged)}")
            + Invariant($", refused {Of(Outcome.Refused)}, unknown {Of(Outcome.Unknown) + Of(Outcome.Sent)}"));
        foreach (var consumer in Consumers)
        {
            text.AppendLine(Invariant($"  out  {consumer.Consumer}: ids {consumer.Distinct}")
                + Invariant($", lost {consumer.Lost.Count}, doubled {consumer.Doubled.Count}")
                + Invariant($", out of order {consumer.OutOfOrder.Count}, unexpected {consumer.Unexpected.Count}"));
        }
        foreach (var incident in Incidents)
            text.AppendLine(Invariant($"  {incident.At:HH:mm:ss.fff}  {incident.Part} {incident.What}"));
        foreach (var consumer in Consumers.Where(consumer => consumer.FirstBad is not null))
            text.Append(WayOf(consumer.FirstBad!, consumer.Consumer));
        return text.ToString();
    }

    /// <summary>Each place where an id was seen, and what happened to the parts around its sending.</summary>
    public string WayOf(string id, string consumer)
    {
        var text = new StringBuilder();
        text.AppendLine(Invariant($"  the way of {id}, the first to go wrong in {consumer}:"));
        var entry = Entries.FirstOrDefault(entry => entry.Id == id);
        text.AppendLine(entry is null ? "    never sent" : SendingOf(entry));
        foreach (var (name, sightings) in Sightings)
        {
            var seen = sightings.Where(sighting => sighting.Id == id).ToList();
            if (seen.Count == 0) text.AppendLine(Invariant($"    {"",12}  {name}: never seen"));
            foreach (var sighting in seen)
                text.AppendLine(Invariant($"    {sighting.At,12:HH:mm:ss.fff}  {name}: {sighting.Place}"));
        }
        var near = Incidents.Where(incident => entry is null || (incident.At - entry.SentAt).Duration() < Around);
        foreach (var incident in near.Take(IncidentsAroundMax))
            text.AppendLine(Invariant($"    {incident.At:HH:mm:ss.fff}  near it: {incident.Part} {incident.What}"));
        return text.ToString();
    }

    private static string SendingOf(Entry entry) =>
        Invariant($"    {entry.SentAt:HH:mm:ss.fff}  sent with key {entry.Key} as number {entry.Sequence} of it")
        + Invariant($"; {entry.Outcome.ToString().ToLowerInvariant()} at {entry.EndedAt:HH:mm:ss.fff} {entry.Place}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
