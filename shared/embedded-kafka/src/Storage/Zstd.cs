using System.Runtime.InteropServices;

namespace Tributary.EmbeddedKafka.Storage;

/// <summary>
/// Expands zstandard by the system's libzstd, which is on every machine where librdkafka runs. Only broken or hostile
/// bytes throw.
/// </summary>
internal static unsafe partial class Zstd
{
    private const string Library = "libzstd.so.1";
    private const int BlockBytes = 128 * 1024;

    private static readonly Lazy<bool> Found = new(() => NativeLibrary.TryLoad(Library, out _));

    public static bool IsThere => Found.Value;

    public static byte[] Expand(ReadOnlySpan<byte> frames, int bytesMax)
    {
        var stream = CreateStream();
        if (stream == 0) throw new InvalidDataException("there is no memory to expand zstandard");
        try
        {
            return Expand(stream, frames, bytesMax);
        }
        finally
        {
            _ = FreeStream(stream);
        }
    }

    /// <summary>A frame may not say how long it becomes: it is expanded by blocks, as far as the bound.</summary>
    private static byte[] Expand(nint stream, ReadOnlySpan<byte> frames, int bytesMax)
    {
        var block = new byte[BlockBytes];
        using var expanded = new MemoryStream();
        fixed (byte* from = frames, to = block)
        {
            var input = new Place { Bytes = from, Length = (nuint)frames.Length };
            while (true)
            {
                var output = new Place { Bytes = to, Length = BlockBytes };
                var left = DecompressStream(stream, ref output, ref input);
                if (IsError(left) != 0) throw new InvalidDataException("what claims to be zstandard is not");
                if (expanded.Length + (long)output.Position > bytesMax)
                    throw new InvalidDataException("a compressed batch expands beyond the limit");
                expanded.Write(block, 0, (int)output.Position);
                if (input.Position < input.Length || output.Position == output.Length) continue;
                if (left > 0) throw new InvalidDataException("a zstandard frame is cut short");
                return expanded.ToArray();
            }
        }
    }

    [LibraryImport(Library, EntryPoint = "ZSTD_createDStream")]
    private static partial nint CreateStream();

    [LibraryImport(Library, EntryPoint = "ZSTD_freeDStream")]
    private static partial nuint FreeStream(nint stream);

    [LibraryImport(Library, EntryPoint = "ZSTD_decompressStream")]
    private static partial nuint DecompressStream(nint stream, ref Place output, ref Place input);

    [LibraryImport(Library, EntryPoint = "ZSTD_isError")]
    private static partial uint IsError(nuint code);

    /// <summary>A stretch of bytes and how far it was used: the library's ZSTD_inBuffer and ZSTD_outBuffer.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Place
    {
        public byte* Bytes;
        public nuint Length;
        public nuint Position;
    }
}
