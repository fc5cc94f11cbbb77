using System.ComponentModel.DataAnnotations;
using Tributary.ClickHouse.Migrations;

namespace Tributary.ReadModel;

/// <summary>How long the read model keeps what, and where it is.</summary>
public sealed class ReadModelOptions
{
    /// <summary>Thirty years: a day of expiry beyond 2106 is none that ClickHouse's DateTime can tell.</summary>
    private const int DaysMax = 10_950;

    /// <summary>Days that events and funnel steps are kept.</summary>
    [Range(1, DaysMax)]
    public int EventsDays { get; init; } = 730;

    /// <summary>Days that refused events are kept.</summary>
    [Range(1, DaysMax)]
    public int RejectedDays { get; init; } = 90;

    /// <summary>Days that sessions are kept.</summary>
    [Range(1, DaysMax)]
    public int SessionsDays { get; init; } = 365;

    /// <summary>Days that counts by hour and day are kept.</summary>
    [Range(1, DaysMax)]
    public int DailyDays { get; init; } = 1826;

    /// <summary>The cluster's name, which makes tables Replicated and Distributed; empty on one server.</summary>
    [RegularExpression("[A-Za-z0-9_]*")]
    public string Cluster { get; init; } = "";

    public SchemaOptions ToSchema() => new()
    {
        Cluster = Cluster,
        Values = new Dictionary<string, int>
        {
            ["events_days"] = EventsDays,
            ["rejected_days"] = RejectedDays,
            ["sessions_days"] = SessionsDays,
            ["daily_days"] = DailyDays,
        },
    };
}
