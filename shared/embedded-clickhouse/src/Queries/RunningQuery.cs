using Tributary.EmbeddedClickHouse.Engine;
using Tributary.EmbeddedClickHouse.Http;

namespace Tributary.EmbeddedClickHouse.Queries;

/// <summary>
/// A query between its acceptance and its answer. Disposed when it has ended; then its id is free again.
/// </summary>
internal sealed class RunningQuery(RunningQueries owner, string id, User user, QueryTag tag) : IDisposable
{
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Id => id;

    public User User => user;

    public QueryTag Tag => tag;

    /// <summary>Completes when the query has ended.</summary>
    public Task Ended => ended.Task;

    /// <summary>Asks the engine to end it; returns at once, and the query then ends with code 394.</summary>
    public void Kill() => owner.Kill(this);

    /// <summary>What it has read and written so far; empty when the engine no longer knows it.</summary>
    public EngineProgress Progress() => owner.Progress(this);

    public void Dispose()
    {
        owner.Remove(this);
        ended.TrySetResult();
    }
}

/// <summary>What <c>system.processes</c> says of a query.</summary>
internal readonly record struct EngineProgress(
    ulong ReadRows, ulong ReadBytes, ulong WrittenRows, ulong WrittenBytes, ulong TotalRows, ulong Memory)
{
    /// <summary>The query's ProfileEvents, as JSON; nothing when it was not seen.</summary>
    public string? Events { get; init; }
}
