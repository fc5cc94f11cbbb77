using System.Diagnostics.Metrics;
using Tributary.Contracts.V1;
using Tributary.Ingestion.Keeping;

namespace Tributary.Ingestion.Receiving;

/// <summary>
/// Every number of the edge. Each request, and each event that was found in one, ends in exactly one outcome: kept in
/// the log, kept in the spool, refused (by reason), not now (by reason), or unknown. A request whose events could not
/// be counted counts as one event.
/// </summary>
internal sealed class ReceivingMetrics
{
    public const string MeterName = "Tributary.Ingestion.Receiving";

    private readonly Counter<long> _requests;
    private readonly Counter<long> _events;
    private readonly Counter<long> _unrecorded;
    private readonly Histogram<double> _answering;

    public ReceivingMetrics(IMeterFactory meters, BodyRoom room)
    {
        var meter = meters.Create(MeterName);
        _requests = meter.CreateCounter<long>("tributary.ingestion.requests", "{request}", "By outcome and reason");
        _events = meter.CreateCounter<long>("tributary.ingestion.events", "{event}", "By outcome and reason");
        _unrecorded = meter.CreateCounter<long>(
            "tributary.ingestion.rejections.unrecorded", "{request}", "Refused and counted, but not written down");
        _answering = meter.CreateHistogram<double>(
            "tributary.ingestion.keeping", "s", "From a body that was read to events that are kept");
        meter.CreateObservableGauge("tributary.ingestion.bodies", () => room.Held, "By", "Bodies being read");
    }

    public void Ended(Outcome outcome, int events, TimeSpan took)
    {
        switch (outcome)
        {
            case Outcome.Kept kept:
                Count(kept.IsInLog ? "log" : "spool", "", events);
                break;
            case Outcome.NotNow:
                Count("not_now", "keeping", events);
                break;
            case Outcome.Never:
                Count("refused", ReasonOf(RejectionReason.TooLarge), events);
                break;
            default:
                Count("unknown", "", events);
                break;
        }
        _answering.Record(took.TotalSeconds);
    }

    public void Refused(RejectionReason reason, int events) => Count("refused", ReasonOf(reason), Math.Max(events, 1));

    /// <summary>Refused before or besides a reason that is written down: a key, an origin.</summary>
    public void Refused(string reason) => Count("refused", reason, 1);

    /// <summary>To be sent again.</summary>
    public void NotNow(string reason, int events) => Count("not_now", reason, Math.Max(events, 1));

    public void Unrecorded() => _unrecorded.Add(1);

    private void Count(string outcome, string reason, int events)
    {
        KeyValuePair<string, object?> how = new("outcome", outcome), why = new("reason", reason);
        _requests.Add(1, how, why);
        _events.Add(events, how, why);
    }

    private static string ReasonOf(RejectionReason reason) => reason switch
    {
        RejectionReason.InvalidJson => "invalid_json",
        RejectionReason.NotAnEvent => "not_an_event",
        RejectionReason.NoIdentity => "no_identity",
        RejectionReason.TooLarge => "too_large",
        RejectionReason.TooDeep => "too_deep",
        RejectionReason.SourceDisabled => "source_disabled",
        RejectionReason.Unencodable => "unencodable",
        RejectionReason.Schema => "schema",
        RejectionReason.Quota => "quota",
        _ => "unspecified",
    };
}
