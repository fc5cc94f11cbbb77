using System.Text;

namespace Tributary.EmbeddedClickHouse.Engine;

/// <summary>
/// One connection: settings, current database and temporary tables of its own. Strictly serial, and blocks its caller;
/// opening one takes a fifth of a millisecond, so that a request without a session simply has its own.
/// </summary>
internal sealed unsafe class EngineConnection : IDisposable
{
    private readonly nint* handle;
    private bool disposed;

    internal EngineConnection(nint* handle)
    {
        this.handle = handle;
    }

    /// <summary>Runs a statement whose result is small (a definition, a setting, a system table).</summary>
    public EngineResult Run(string statement, string format = "TabSeparated") =>
        Run(Encoding.UTF8.GetBytes(statement), format, []);

    public EngineResult Run(ReadOnlySpan<byte> statement, string format,
        IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        using var native = new NativeParameters(parameters);
        fixed (byte* query = statement, name = Text.Bytes(format))
        {
            return EngineResult.Take(NativeMethods.chdb_query_with_params_n(*handle, query, (nuint)statement.Length,
                name, (nuint)format.Length, native.Names, native.NameLengths, native.Values, native.ValueLengths,
                native.Count));
        }
    }

    /// <summary>The value of a one-cell query, as text.</summary>
    public string Scalar(string query) => Encoding.UTF8.GetString(Run(query).Body).TrimEnd('\n');

    /// <summary>Begins an insert whose rows are appended as bytes of <paramref name="format"/>.</summary>
    public EngineInsert Insert(ReadOnlySpan<byte> statement, string format,
        IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        using var native = new NativeParameters(parameters);
        fixed (byte* query = statement, name = Text.Bytes(format))
        {
            return new EngineInsert(NativeMethods.chdb_stream_insert_with_params_n(*handle, query,
                (nuint)statement.Length, name, (nuint)format.Length, native.Names, native.NameLengths, native.Values,
                native.ValueLengths, native.Count));
        }
    }

    /// <summary>What the engine's parser makes of a text, without running it.</summary>
    public (uint Statements, StatementClass Class) Classify(ReadOnlySpan<byte> text)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        var analysis = new NativeMethods.QueryAnalysis { Size = (uint)sizeof(NativeMethods.QueryAnalysis) };
        fixed (byte* query = text)
        {
            if (NativeMethods.chdb_classify_query_n(*handle, query, (nuint)text.Length, null, 0, &analysis) != 0)
            {
                return (0, StatementClass.Unknown);
            }
        }

        return (analysis.Statements, (StatementClass)analysis.Class);
    }

    public void Dispose()
    {
        if (disposed) return;
        disposed = true;
        NativeMethods.chdb_close_conn(handle);
    }
}
