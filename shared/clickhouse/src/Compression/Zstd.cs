using System.Runtime.InteropServices;

namespace Tributary.ClickHouse.Compression;

/// <summary>The system's libzstd, which every Debian has because its package manager needs it.</summary>
internal static partial class Zstd
{
    private const string Library = "libzstd.so.1";

    [StructLayout(LayoutKind.Sequential)]
    internal struct Buffer
    {
        public nint Start;
        public nuint Size;
        public nuint Position;
    }

    public static unsafe void Decompress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        fixed (byte* from = source, to = target)
        {
            var length = ZSTD_decompress(to, (nuint)target.Length, from, (nuint)source.Length);
            Check(length);
            if (length != (nuint)target.Length) throw new InvalidDataException("A zstd block has another length.");
        }
    }

    public static void Check(nuint result)
    {
        if (ZSTD_isError(result) == 0) return;
        throw new InvalidDataException($"zstd: {Marshal.PtrToStringUTF8(ZSTD_getErrorName(result))}");
    }

    [LibraryImport(Library)]
    internal static partial nint ZSTD_createCStream();

    [LibraryImport(Library)]
    internal static partial nuint ZSTD_freeCStream(nint stream);

    [LibraryImport(Library)]
    internal static partial nuint ZSTD_compressStream2(nint stream, ref Buffer output, ref Buffer input, int directive);

    [LibraryImport(Library)]
    internal static partial nint ZSTD_createDStream();

    [LibraryImport(Library)]
    internal static partial nuint ZSTD_freeDStream(nint stream);

    [LibraryImport(Library)]
    internal static partial nuint ZSTD_decompressStream(nint stream, ref Buffer output, ref Buffer input);

    [LibraryImport(Library)]
    private static unsafe partial nuint ZSTD_decompress(byte* to, nuint capacity, byte* from, nuint length);

    [LibraryImport(Library)]
    private static partial uint ZSTD_isError(nuint code);

    [LibraryImport(Library)]
    private static partial nint ZSTD_getErrorName(nuint code);
}
