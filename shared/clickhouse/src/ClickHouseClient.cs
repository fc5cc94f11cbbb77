using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Tributary.ClickHouse.Compression;
using Tributary.ClickHouse.Http;
using Tributary.ClickHouse.Native;
using Tributary.ClickHouse.Parameters;

namespace Tributary.ClickHouse;

/// <summary>
/// The fast face: columns in, columns out, in ClickHouse's own format. One for a server and the process's life; any
/// thread. Values travel as parameters, never as text of the statement.
/// </summary>
public sealed class ClickHouseClient : IDisposable
{
    private readonly ClickHouseConnectionStringBuilder settings;
    private readonly Transport transport;
    private readonly ConcurrentBag<NativeOutput> outputs = []; // As many as there were inserts at once.

    public ClickHouseClient(string connection, HttpMessageHandler? handler = null, TimeProvider? time = null)
    {
        settings = new ClickHouseConnectionStringBuilder(connection);
        transport = new Transport(settings, handler, time ?? TimeProvider.System);
    }

    internal ClickHouseConnectionStringBuilder Settings => settings;

    /// <summary>Runs a statement that gives no rows. Repeated only when it cannot have reached the server.</summary>
    public async Task ExecuteAsync(string statement, QueryOptions? options, CancellationToken cancellationToken)
    {
        using var response = await transport.SendAsync(Request(statement, options) with { IsSafeToRepeat = false },
            cancellationToken);
        await using var body = Body(response, await response.Content.ReadAsStreamAsync(cancellationToken));
        await body.CopyToAsync(Stream.Null, cancellationToken);
    }

    /// <summary>
    /// Runs a query; the result is read block by block while it runs. Repeated until its first byte is here.
    /// </summary>
    public async Task<BlockReader> QueryAsync(string statement, QueryOptions? options,
        CancellationToken cancellationToken)
    {
        var response = await transport.SendAsync(Request(statement, options), cancellationToken);
        return new BlockReader(response, Body(response, await response.Content.ReadAsStreamAsync(cancellationToken)));
    }

    /// <summary>
    /// Inserts a block's rows, all or none in each partition. With a token the server takes the block once however
    /// often it is sent, and sending is repeated when an answer stays out; without, an unknown outcome throws.
    /// </summary>
    public async Task<InsertOutcome> InsertAsync(string table, Block block, InsertOptions? options,
        CancellationToken cancellationToken)
    {
        options ??= InsertOptions.None;
        if (!outputs.TryTake(out var output)) output = new NativeOutput();
        output.Clear();
        block.Write(output);
        var columns = string.Join(", ", block.Names.Select(Sql.Identifier));
        var request = new ServerRequest($"insert into {table} ({columns}) format Native")
        {
            Data = output.Written,
            Settings = [.. options.AsSettings()],
            IsSafeToRepeat = options.DeduplicationToken.Length > 0,
            QueryId = options.QueryId ?? Guid.NewGuid().ToString(),
        };

        using var response = await transport.SendAsync(request, cancellationToken);
        await response.Content.CopyToAsync(Stream.Null, cancellationToken);
        outputs.Add(output); // Not after an error, when a request that was given up may still be sending it.
        return InsertOutcome.Of(response);
    }

    public void Dispose() => transport.Dispose();

    internal Task<HttpResponseMessage> SendAsync(ServerRequest request, CancellationToken cancellationToken) =>
        transport.SendAsync(request, cancellationToken);

    internal Stream Body(HttpResponseMessage response, Stream content)
    {
        var tag = response.Headers.TryGetValues("X-ClickHouse-Exception-Tag", out var values) ? values.First() : "";

        // An error within compressed blocks is compressed with them, so that it is looked for after unpacking.
        return new ResultStream(settings.Compression ? new BlockReadStream(content) : content, tag);
    }

    private static ServerRequest Request(string statement, QueryOptions? options)
    {
        options ??= QueryOptions.None;
        return new ServerRequest(statement)
        {
            Parameters = [.. options.Parameters.Select(parameter =>
                KeyValuePair.Create(parameter.Key, ParameterText.Of(parameter.Value)))],
            Settings = [.. options.Settings],
            IsSafeToRepeat = StatementKind.OnlyReads(statement),
            QueryId = options.QueryId ?? Guid.NewGuid().ToString(),
            Timeout = options.Timeout,
        };
    }
}

/// <summary>What goes with a query.</summary>
public sealed record QueryOptions
{
    public static readonly QueryOptions None = new();

    /// <summary>Values for the statement's <c>{name:Type}</c>.</summary>
    public IReadOnlyDictionary<string, object?> Parameters { get; init; } = new Dictionary<string, object?>();

    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    public string? QueryId { get; init; }

    /// <summary>How long the answer may take to begin; the connection's when not given.</summary>
    public TimeSpan? Timeout { get; init; }
}

/// <summary>What goes with an insert.</summary>
public sealed record InsertOptions
{
    public static readonly InsertOptions None = new();

    /// <summary>What the server knows the block by: the same text only for the same rows in the same order.</summary>
    public string DeduplicationToken { get; init; } = "";

    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    public string? QueryId { get; init; }

    internal IEnumerable<KeyValuePair<string, string>> AsSettings()
    {
        yield return new("async_insert", "0"); // Success has to mean kept, and the block has to stay the block.
        yield return new("max_partitions_per_insert_block", "0"); // A block over too many would be refused for ever.
        if (DeduplicationToken.Length > 0)
        {
            yield return new("insert_deduplication_token", DeduplicationToken);
            yield return new("deduplicate_blocks_in_dependent_materialized_views", "1");
        }

        foreach (var setting in Settings) yield return setting;
    }
}

/// <summary>What an insert wrote, views included; nothing when the server had the block already.</summary>
public sealed record InsertOutcome(long WrittenRows, long WrittenBytes)
{
    internal static InsertOutcome Of(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("X-ClickHouse-Summary", out var values)) return new InsertOutcome(0, 0);

        using var summary = JsonDocument.Parse(values.Last());
        return new InsertOutcome(Count(summary, "written_rows"), Count(summary, "written_bytes"));
    }

    private static long Count(JsonDocument summary, string name) =>
        summary.RootElement.TryGetProperty(name, out var value)
            ? long.Parse(value.GetString()!, CultureInfo.InvariantCulture) : 0;
}
