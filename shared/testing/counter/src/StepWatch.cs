using System.Diagnostics;
using Tributary.Testing.Crashes;

namespace Tributary.Counter;

/// <summary>
/// Reaches the steps inside the plumbing by the traces that it leaves, so that nothing is in the plumbing for the sake
/// of a test: a span that ends is a step that is done, and the thread that did it is held here.
/// </summary>
internal static class StepWatch
{
    private const string Streaming = "Tributary.Streaming";

    public static IDisposable? Start()
    {
        if (!CrashPoint.IsArmed) return null;

        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Npgsql" or Streaming,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = done => CrashPoint.Reach(StepOf(done)),
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static string StepOf(Activity done) => done.GetTagItem("db.query.text") switch
    {
        string sql when sql.Contains("pg_try_advisory_lock(hashtextextended('tributary outbox") => Steps.LeaseTaken,
        string sql when sql.Contains("update outbox_sent") => Steps.MessagesMarked,
        string sql when sql.Contains("from kafka_offset") => Steps.OffsetRead,
        string sql when sql.Contains("select outbox_append(") => Steps.OutboxAppended,
        string sql when IsReadingOfMessages(sql) => Steps.MessagesRead,
        null when done is { Source.Name: Streaming, OperationName: "send" } => Steps.MessagesSent,
        _ => "",
    };

    private static bool IsReadingOfMessages(string sql) =>
        sql.Contains("headers::text") && sql.Contains("from outbox");
}
