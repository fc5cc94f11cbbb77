using System.Security.Cryptography;
using Tributary.Streaming.Writing;

namespace Tributary.Ingestion.Deduplicating;

/// <summary>
/// A partition's window on the disk, with the place in <c>received.v1</c> of the last record that made it. An aid and
/// no truth: whoever reads it checks that it fits the log. A file that was not written whole is none.
/// </summary>
internal static class WindowFile
{
    private const ulong Magic = 0x31_57_44_49_42_49_52_54; // The format; another one is none.
    private const int HeaderBytesMax = 4 << 20;

    public static void Write(string path, SourcePosition last, IdWindow window)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var image = window.ToImage();
        var header = HeaderOf(last, window.Bounds, image);
        var temporary = $"{path}.new";
        using (var file = File.Create(temporary))
        using (var writer = new BinaryWriter(file))
        {
            writer.Write(Magic);
            writer.Write(header.Length);
            writer.Write(header);
            writer.Write(image.Bytes);
            writer.Write(DigestOf(header, image.Bytes));
        }
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Null where there is none, or none of these bounds.</summary>
    public static (SourcePosition Last, IdWindow Window)? Read(string path, WindowBounds bounds)
    {
        try
        {
            using var reader = new BinaryReader(File.OpenRead(path));
            if (reader.ReadUInt64() != Magic) return null;
            if (reader.ReadInt32() is not (> 0 and <= HeaderBytesMax and var length)) return null;
            return Read(reader, reader.ReadBytes(length), bounds);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }

    private static (SourcePosition Last, IdWindow Window)? Read(BinaryReader reader, byte[] header, WindowBounds bounds)
    {
        using var fields = new BinaryReader(new MemoryStream(header));
        var last = new SourcePosition(GuidOf(fields), fields.ReadInt64());
        if (new WindowBounds(new TimeSpan(fields.ReadInt64()), fields.ReadInt32()) != bounds) return null;
        var (clock, slots) = (fields.ReadInt64(), fields.ReadInt32());
        var groups = new GroupImage[fields.ReadInt32()];
        for (var index = 0; index < groups.Length; index++)
            groups[index] = new(fields.ReadInt64(), fields.ReadInt64(), fields.ReadInt32());

        var bytes = reader.ReadBytes(checked(slots * WindowImage.SlotBytes));
        var digest = reader.ReadBytes(SHA256.HashSizeInBytes);
        if (!digest.AsSpan().SequenceEqual(DigestOf(header, bytes))) return null;
        return (last, IdWindow.Of(bounds, new WindowImage(clock, groups, slots, bytes)));
    }

    private static byte[] HeaderOf(SourcePosition last, WindowBounds bounds, WindowImage image)
    {
        using var bytes = new MemoryStream();
        using var fields = new BinaryWriter(bytes);
        fields.Write(last.Source.ToByteArray());
        fields.Write(last.Position);
        fields.Write(bounds.Length.Ticks);
        fields.Write(bounds.IdsMax);
        fields.Write(image.Clock);
        fields.Write(image.Slots);
        fields.Write(image.Groups.Count);
        foreach (var (slice, part, count) in image.Groups)
        {
            fields.Write(slice);
            fields.Write(part);
            fields.Write(count);
        }
        fields.Flush();
        return bytes.ToArray();
    }

    private static Guid GuidOf(BinaryReader reader) => new(reader.ReadBytes(16));

    private static byte[] DigestOf(ReadOnlySpan<byte> header, ReadOnlySpan<byte> bytes)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        digest.AppendData(header);
        digest.AppendData(bytes);
        return digest.GetHashAndReset();
    }
}
