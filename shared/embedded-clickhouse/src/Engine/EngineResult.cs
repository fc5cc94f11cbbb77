namespace Tributary.EmbeddedClickHouse.Engine;

/// <summary>What a statement read, wrote and returned; the counts are ClickHouse's.</summary>
internal sealed record EngineResult(byte[] Body)
{
    public static readonly EngineResult Empty = new([]);

    public ulong ReadRows { get; init; }

    public ulong ReadBytes { get; init; }

    public ulong WrittenRows { get; init; }

    public ulong WrittenBytes { get; init; }

    public ulong ResultRows { get; init; }

    public ulong ResultBytes { get; init; }

    /// <summary>Takes a native result's content and frees it; throws when it holds an error.</summary>
    public static unsafe EngineResult Take(nint result)
    {
        if (result == 0) throw new EngineException(1002, "UNKNOWN_EXCEPTION", "The engine gave no result.");
        try
        {
            var error = NativeMethods.chdb_result_error(result);
            if (error is not null) throw EngineException.From(Text.Of(error));

            var length = (int)NativeMethods.chdb_result_length(result);
            var body = length == 0 ? []
                : new ReadOnlySpan<byte>(NativeMethods.chdb_result_buffer(result), length).ToArray();
            return new EngineResult(body)
            {
                ReadRows = NativeMethods.chdb_result_storage_rows_read(result),
                ReadBytes = NativeMethods.chdb_result_storage_bytes_read(result),
                WrittenRows = NativeMethods.chdb_result_rows_written(result),
                WrittenBytes = NativeMethods.chdb_result_bytes_written(result),
                ResultRows = NativeMethods.chdb_result_rows_read(result),
                ResultBytes = NativeMethods.chdb_result_bytes_read(result),
            };
        }
        finally
        {
            NativeMethods.chdb_destroy_query_result(result);
        }
    }
}
