namespace Tributary.Ingestion.Keeping;

/// <summary>What became of a parcel. One of each is enough: nothing in them differs from parcel to parcel.</summary>
internal abstract record Outcome
{
    private Outcome() { }

    public static readonly Outcome InLog = new Kept(IsInLog: true);
    public static readonly Outcome InSpool = new Kept(IsInLog: false);

    /// <summary>Every event is durable: all in the log, or some on this machine's own disk.</summary>
    public sealed record Kept(bool IsInLog) : Outcome;

    /// <summary>Not kept, for want of room or of a server; the same may be kept a moment later.</summary>
    public sealed record NotNow(string Reason) : Outcome;

    /// <summary>An event that the log will never take.</summary>
    public sealed record Never(string Reason) : Outcome;

    /// <summary>Some of it may have been kept, or may be yet.</summary>
    public sealed record Unknown(string Reason) : Outcome;
}
