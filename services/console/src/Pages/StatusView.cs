using System.Diagnostics;
using Tributary.Console.Health;

namespace Tributary.Console.Pages;

/// <summary>All that the status page shows, decided before it is drawn.</summary>
public sealed record StatusView(
    DateTimeOffset Now,
    RunningProcess Process,
    HealthSeen Seen,
    Verdict Verdict,
    string Read,
    TimeSpan? LooksAgainAfter)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    public static StatusView Of(HealthSeen seen, RunningProcess process, DateTimeOffset now, TimeSpan staleAfter) =>
        new(now, process, seen, Judge(seen, now, staleAfter), WhenRead(seen, now),
            seen is HealthSeen.NotYet ? Soon : null);

    private static Verdict Judge(HealthSeen seen, DateTimeOffset now, TimeSpan staleAfter) => seen switch
    {
        HealthSeen.NotYet => new(
            "", "Looking…", "The first answers are on their way; the page comes back by itself."),
        HealthSeen.Failed failed => new(
            "bad", "The health of this process can't be read.",
            $"This page and the other services still answer. The log has the reason under trace id {failed.TraceId}."),
        HealthSeen.Lines lines when now - lines.At > staleAfter => new(
            "warn", "What is shown is old.",
            $"It was true at {Say.Moment(lines.At)}, {Say.Age(now - lines.At)} ago: the process is too busy to look."),
        HealthSeen.Lines { Dependencies.Count: 0 } => new(
            "good", "It runs.", "It depends on no other server, so nothing can be missing."),
        HealthSeen.Lines { Unwell: > 0 } lines => new(
            "bad", $"{lines.Unwell} of {Say.Dependencies(lines.Dependencies.Count)} not well.",
            "What needs them waits or is refused until they are back; the lines below say which."),
        HealthSeen.Lines { Strained: > 0 } lines => new(
            "warn", $"{lines.Strained} of {Say.Dependencies(lines.Dependencies.Count)} strained.",
            "Everything works, slower or with less in reserve than it should."),
        HealthSeen.Lines lines => new(
            "good", "All is well.", $"{Say.Dependencies(lines.Dependencies.Count)} answered as they should."),
        _ => throw new UnreachableException(),
    };

    private static string WhenRead(HealthSeen seen, DateTimeOffset now) => seen switch
    {
        HealthSeen.NotYet => "Not read yet.",
        { LastLines: { } lines } => $"Read {Say.Moment(lines.At)}, {Say.Age(now - lines.At)} ago.",
        _ => "Never read.",
    };
}

/// <summary>The page's answer: its tone, a sentence, and the reason for it.</summary>
public sealed record Verdict(string Tone, string Sentence, string Reason);

/// <summary>The process that answers.</summary>
public sealed record RunningProcess(
    string Name, string Version, DateTimeOffset Since, IReadOnlyList<Door> Doors);

/// <summary>An address at which the process answers something that exists.</summary>
public sealed record Door(string What, string Address, bool IsLink);
