using System.Runtime.InteropServices;

namespace Tributary.EmbeddedClickHouse.Engine;

/// <summary>The engine's C interface, as libchdb 26.7 exports it.</summary>
internal static unsafe partial class NativeMethods
{
    public const string Library = "chdb";

    [LibraryImport(Library)]
    public static partial void chdb_set_signal_handlers_enabled(int enabled);

    [LibraryImport(Library)]
    public static partial nint* chdb_connect(int count, byte** arguments);

    [LibraryImport(Library)]
    public static partial void chdb_close_conn(nint* connection);

    [LibraryImport(Library)]
    public static partial nint chdb_query_with_params_n(nint connection, byte* query, nuint queryLength, byte* format,
        nuint formatLength, byte** names, nuint* nameLengths, byte** values, nuint* valueLengths, nuint count);

    [LibraryImport(Library)]
    public static partial nint chdb_stream_insert_with_params_n(nint connection, byte* query, nuint queryLength,
        byte* format, nuint formatLength, byte** names, nuint* nameLengths, byte** values, nuint* valueLengths,
        nuint count);

    [LibraryImport(Library)]
    public static partial int chdb_stream_append(nint stream, byte* content, nuint length);

    [LibraryImport(Library)]
    public static partial nint chdb_stream_done(nint stream);

    [LibraryImport(Library)]
    public static partial byte* chdb_stream_insert_error(nint stream);

    [LibraryImport(Library)]
    public static partial void chdb_stream_cancel_insert(nint stream);

    [LibraryImport(Library)]
    public static partial void chdb_destroy_insert_stream(nint stream);

    [LibraryImport(Library)]
    public static partial byte* chdb_result_buffer(nint result);

    [LibraryImport(Library)]
    public static partial nuint chdb_result_length(nint result);

    [LibraryImport(Library)]
    public static partial byte* chdb_result_error(nint result);

    [LibraryImport(Library)]
    public static partial ulong chdb_result_rows_read(nint result);

    [LibraryImport(Library)]
    public static partial ulong chdb_result_bytes_read(nint result);

    [LibraryImport(Library)]
    public static partial ulong chdb_result_storage_rows_read(nint result);

    [LibraryImport(Library)]
    public static partial ulong chdb_result_storage_bytes_read(nint result);

    [LibraryImport(Library)]
    public static partial ulong chdb_result_rows_written(nint result);

    [LibraryImport(Library)]
    public static partial ulong chdb_result_bytes_written(nint result);

    [LibraryImport(Library)]
    public static partial void chdb_destroy_query_result(nint result);

    [LibraryImport(Library)]
    public static partial int chdb_classify_query_n(nint connection, byte* query, nuint length, byte* database,
        nuint databaseLength, QueryAnalysis* analysis);

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    public static partial int Pipe(int* ends, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    public static partial int SetPipeSize(int descriptor, int command, int size);

    [StructLayout(LayoutKind.Sequential)]
    public struct QueryAnalysis
    {
        public uint Size;
        public uint Statements;
        public uint Flags;
        public uint Class;
    }
}
