using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Options;
using Tributary.EmbeddedClickHouse.Engine;
using Tributary.EmbeddedClickHouse.Http;

namespace Tributary.EmbeddedClickHouse.Queries;

/// <summary>The queries that run now: at most so many, and each id once. Any thread.</summary>
internal sealed class RunningQueries(EngineHost engine, IOptions<EmbeddedClickHouseOptions> options) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, RunningQuery> byId = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim places = new(options.Value.QueriesMax);
    private long last;

    public async Task<RunningQuery> AddAsync(string id, User user, string comment, CancellationToken cancellationToken)
    {
        if (!await places.WaitAsync(Patience, cancellationToken))
        {
            throw new EngineException(202, "TOO_MANY_SIMULTANEOUS_QUERIES",
                $"Too many simultaneous queries. Maximum: {options.Value.QueriesMax}");
        }

        var query = new RunningQuery(this, id, user, new QueryTag(Interlocked.Increment(ref last), comment));
        if (byId.TryAdd(id, query)) return query;

        places.Release();
        throw new EngineException(216, "QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING",
            $"Query with id = {id} is already running.");
    }

    public RunningQuery? Find(string id) => byId.GetValueOrDefault(id);

    /// <summary>ASYNC: in this engine a synchronous kill never returns.</summary>
    public void Kill(RunningQuery query) => engine.Lines($"kill query where {query.Tag.Condition} async");

    public void KillAll()
    {
        foreach (var query in byId.Values) Kill(query);
    }

    public EngineProgress Progress(RunningQuery query)
    {
        var line = engine.Lines($"""
            select read_rows, read_bytes, written_rows, written_bytes, total_rows_approx, peak_memory_usage,
                toJSONString(ProfileEvents)
            from system.processes
            where {query.Tag.Condition}
            """).FirstOrDefault();
        if (line is null) return default;

        var cells = line.Split('\t');
        var counts = Array.ConvertAll(cells, cell =>
            ulong.TryParse(cell, CultureInfo.InvariantCulture, out var count) ? count : 0);
        return new EngineProgress(counts[0], counts[1], counts[2], counts[3], counts[4], counts[5])
        {
            Events = cells[6],
        };
    }

    public void Remove(RunningQuery query)
    {
        if (byId.TryRemove(KeyValuePair.Create(query.Id, query))) places.Release();
    }

    public void Dispose() => places.Dispose();
}
