namespace Tributary.EmbeddedClickHouse.Engine;

/// <summary>
/// An insert that takes its rows as bytes. Nothing is promised until <see cref="Finish"/> has returned; disposed
/// before that, it is called off. Used by one thread at a time.
/// </summary>
internal sealed unsafe class EngineInsert : IDisposable
{
    private readonly nint stream;
    private bool finished;

    internal EngineInsert(nint stream)
    {
        this.stream = stream;
        var error = NativeMethods.chdb_stream_insert_error(stream);
        if (error is null) return;

        var exception = EngineException.From(Text.Of(error));
        NativeMethods.chdb_destroy_insert_stream(stream);
        throw exception;
    }

    /// <summary>
    /// Appends bytes; false when the insert has failed meanwhile, which <see cref="Finish"/> then tells.
    /// </summary>
    public bool Append(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty) return true;
        fixed (byte* start = content)
        {
            return NativeMethods.chdb_stream_append(stream, start, (nuint)content.Length) == 0;
        }
    }

    /// <summary>Returns when the rows are kept, with what was written, views included.</summary>
    public EngineResult Finish()
    {
        finished = true;
        return EngineResult.Take(NativeMethods.chdb_stream_done(stream));
    }

    public void Dispose()
    {
        if (!finished) NativeMethods.chdb_stream_cancel_insert(stream);
        NativeMethods.chdb_destroy_insert_stream(stream);
    }
}
