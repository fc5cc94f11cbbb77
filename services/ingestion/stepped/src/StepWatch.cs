using System.Diagnostics;
using Tributary.Contracts;
using Tributary.Testing.Crashes;

namespace Tributary.Stepped;

/// <summary>
/// Reaches the steps by the traces and the one log line that the service leaves, so that nothing is in it for the sake
/// of a test: a span that ends is a step that is done, and the thread that did it is held here.
/// </summary>
internal static class StepWatch
{
    private const string Streaming = "Tributary.Streaming";
    private const string ClickHouse = "Tributary.ClickHouse";

    public static IDisposable? Start(ILoggingBuilder logs)
    {
        if (!CrashPoint.IsArmed) return null;

        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Npgsql" or Streaming or ClickHouse,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = begun => CrashPoint.Reach(StepBefore(begun)),
            ActivityStopped = done => CrashPoint.Reach(StepAfter(done)),
        };
        ActivitySource.AddActivityListener(listener);
        logs.AddProvider(new PlaceWatch());
        return listener;
    }

    private static string StepBefore(Activity begun) => begun switch
    {
        { Source.Name: Streaming, OperationName: "send" } when IsDeduplicating(begun) => Steps.BatchDecided,
        { Source.Name: ClickHouse, OperationName: "insert clickhouse" } => Steps.BoundsWrittenDown,
        _ => "",
    };

    private static string StepAfter(Activity done) => done switch
    {
        { Source.Name: Streaming, OperationName: "send" } when IsDeduplicating(done) => Steps.BatchAcknowledged,
        { Source.Name: Streaming } when done.OperationName == ReadOf(Topics.Received) => Steps.BatchKept,
        { Source.Name: Streaming } when done.OperationName == ReadOf(Topics.Events) => Steps.BlockMarked,
        { Source.Name: ClickHouse, OperationName: "insert clickhouse" } => Steps.BlockInserted,
        _ => done.GetTagItem("db.query.text") switch
        {
            string sql when sql.Contains("insert into block_ledger") => Steps.BoundsMade,
            string sql when sql.Contains("update block_ledger") => Steps.MarkMade,
            _ => "",
        },
    };

    private static bool IsDeduplicating(Activity activity) =>
        activity.Parent?.OperationName == ReadOf(Topics.Received);

    private static string ReadOf(Topic topic) => $"read {topic.Name}";

    /// <summary>A partition's opening is told by a line that the reader logs.</summary>
    private sealed class PlaceWatch : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (eventId.Name == "PartitionOpened" && formatter(state, exception).Contains(Topics.Received.Name))
                CrashPoint.Reach(Steps.PlaceFound);
        }

        public void Dispose() { }
    }
}
