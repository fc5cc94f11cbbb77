namespace Tributary.Ingestion.Keeping;

/// <summary>
/// Whether events go to the log by themselves or by way of the spool. Closed by the first sign that the log does not
/// take them; opened by the first of the spool's records that it took. While it is closed every event goes to the
/// spool, so that there is always one that tries.
/// </summary>
internal readonly record struct LogRoad(bool IsClosed)
{
    public LogRoad After(LogSign sign) => sign switch
    {
        LogSign.SentAndKept => this, // Sent before it was closed; the spool's own will say.
        LogSign.DrainedAndKept => new(IsClosed: false),
        LogSign.NotKept or LogSign.Silent or LogSign.Full => new(IsClosed: true),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

/// <summary>What is seen of the log.</summary>
internal enum LogSign
{
    /// <summary>Events that went by themselves are kept.</summary>
    SentAndKept,

    /// <summary>Records of the spool are kept.</summary>
    DrainedAndKept,

    /// <summary>Events that went by themselves were refused, or nobody knows.</summary>
    NotKept,

    /// <summary>Events are on their way, and nothing was answered for longer than the patience.</summary>
    Silent,

    /// <summary>More are on their way than may be.</summary>
    Full,
}
