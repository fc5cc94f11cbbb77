using Tributary.Authorisation;

namespace Tributary.Console.Live;

/// <summary>All that the live page shows before the first event is here.</summary>
public sealed record LiveView(
    string Organisation,
    IReadOnlyList<SourceChoice> Sources,
    SourceChoice? Chosen,
    string Filter,
    string Outcome,
    string Edge,
    TimeSpan CountsEvery)
{
    /// <summary>A source that is asked for and gone is none: the page then shows the whole organisation.</summary>
    public static LiveView Of(
        string organisation, IReadOnlyList<SourceAccess> sources, LiveAddress address, string edge,
        TimeSpan countsEvery)
    {
        var choices = sources
            .Select(source => new SourceChoice(source.Source, source.Name, source.Kind, source.Enabled))
            .OrderBy(choice => choice.Name, StringComparer.OrdinalIgnoreCase).ToList();
        return new(
            organisation, choices, choices.FirstOrDefault(choice => choice.Id == address.Source),
            address.Name ?? "", address.Outcome is "accepted" or "refused" or "repeated" ? address.Outcome : "",
            edge, countsEvery);
    }
}

/// <summary>A source that can be picked.</summary>
public sealed record SourceChoice(Guid Id, string Name, string Kind, bool IsEnabled);

/// <summary>What of the page is in its address: whoever is sent it sees the same.</summary>
public sealed record LiveAddress(Guid? Source, string? Name, string? Outcome);
