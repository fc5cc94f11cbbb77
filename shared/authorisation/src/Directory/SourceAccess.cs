namespace Tributary.Authorisation;

/// <summary>What an organisation may send; 0: no limit.</summary>
public readonly record struct SendingLimits(long EventsPerSecond, long EventsPerMonth);

/// <summary>
/// A source that a write key names. Known is not allowed: whoever takes its events looks at <see cref="Enabled"/> and
/// <see cref="Suspended"/>.
/// </summary>
public sealed record SourceAccess
{
    public required Guid Organisation { get; init; }

    public required Guid Source { get; init; }

    public required Guid App { get; init; }

    public required string Name { get; init; }

    /// <summary>web, server, mobile, webhook, kafka.</summary>
    public required string Kind { get; init; }

    /// <summary>False: its events are refused.</summary>
    public required bool Enabled { get; init; }

    /// <summary>True: nothing of its organisation is accepted.</summary>
    public required bool Suspended { get; init; }

    /// <summary>Of browsers, as they send them; empty allows every origin.</summary>
    public required IReadOnlyList<string> AllowedOrigins { get; init; }

    public required SendingLimits Limits { get; init; }
}
