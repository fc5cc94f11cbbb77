using System.ComponentModel.DataAnnotations;

namespace Tributary.Postgres.Outbox;

/// <summary>The section <c>Outbox</c>: how a relay works, the same for each service of a process.</summary>
public sealed record OutboxOptions
{
    /// <summary>Messages sent together.</summary>
    [Range(1, 10_000)]
    public int BatchMessagesMax { get; init; } = 500;

    /// <summary>Bytes sent together; a single larger message is sent alone.</summary>
    [Range(1 << 10, 64 << 20)]
    public int BatchBytesMax { get; init; } = 4 << 20;

    /// <summary>How long a relay sleeps when nothing wakes it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After this silence of a relay the server ends its session, and another one takes over.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan LeaseMax { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long sent messages stay, to be looked at.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan KeepSent { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The longest pause after failures; the first is <see cref="PollInterval"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>An oldest unsent message of this age is told by health.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan AgeMax { get; init; } = TimeSpan.FromMinutes(1);
}
