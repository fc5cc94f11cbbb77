namespace Tributary.Counter;

/// <summary>The places between the steps of the recipes at which a test may stop this program.</summary>
public static class Steps
{
    // Recipe 4, to Postgres.
    public const string OffsetRead = "offset read";
    public const string BatchRead = "batch read";
    public const string RowsWritten = "rows written";
    public const string OffsetMoved = "offset moved";
    public const string OutboxAppended = "outbox appended";
    public const string Committed = "committed";

    // Recipe 6, out.
    public const string LeaseTaken = "lease taken";
    public const string MessagesRead = "messages read";
    public const string MessagesSent = "messages sent";
    public const string MessagesMarked = "messages marked";
}
