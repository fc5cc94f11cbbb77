using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Tributary.Ingestion.Keeping;

/// <summary>One file of the spool: written at its end by one thread, read at its front by another.</summary>
internal sealed class SpoolFile : IDisposable
{
    private const string Ending = ".spool";
    private readonly SafeFileHandle _handle;
    private long _end;

    private SpoolFile(string path, long number, SafeFileHandle handle)
    {
        (Path, Number, _handle) = (path, number, handle);
    }

    public string Path { get; }

    public long Number { get; }

    /// <summary>Up to where it is on the disk, whole, and may be read.</summary>
    public long End => Volatile.Read(ref _end);

    public static SpoolFile Create(string folder, long number)
    {
        var path = System.IO.Path.Combine(folder, number.ToString("d12", CultureInfo.InvariantCulture) + Ending);
        return new(path, number, File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite));
    }

    /// <summary>Those that an earlier process left, in their order.</summary>
    public static IReadOnlyList<SpoolFile> OpenAll(string folder) =>
    [
        .. from path in Directory.EnumerateFiles(folder, "*" + Ending)
           let name = System.IO.Path.GetFileNameWithoutExtension(path)
           where long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _)
           let number = long.Parse(name, CultureInfo.InvariantCulture)
           orderby number
           select new SpoolFile(path, number, File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite)),
    ];

    /// <summary>
    /// Reads all of it and notes who is in it. What is behind its last whole record was never answered for and is cut
    /// off. Returns how many bytes that were.
    /// </summary>
    public long Recover(SpooledPersons persons)
    {
        var bytes = new byte[RandomAccess.GetLength(_handle)];
        var read = RandomAccess.Read(_handle, bytes, fileOffset: 0);
        while (SpoolRecord.TryRead(bytes.AsSpan((int)_end, read - (int)_end), out var key, out _, out var length))
        {
            persons.Add(SpooledPersons.PlaceOf(key));
            _end += length;
        }
        if (_end < bytes.Length) RandomAccess.SetLength(_handle, _end);
        return bytes.Length - _end;
    }

    /// <summary>On the disk when it returns. When it throws, none of it is read, and no more may come here.</summary>
    public void Append(ReadOnlySpan<byte> records)
    {
        try
        {
            RandomAccess.Write(_handle, records, _end);
        }
        catch (IOException)
        {
            RandomAccess.SetLength(_handle, _end); // A part of it may be there.
            throw;
        }
        RandomAccess.FlushToDisk(_handle);
        Volatile.Write(ref _end, _end + records.Length);
    }

    public int Read(Span<byte> bytes, long from) => RandomAccess.Read(
        _handle, bytes[..(int)Math.Min(bytes.Length, End - from)], from);

    public void Remove()
    {
        Dispose();
        File.Delete(Path);
    }

    public void Dispose() => _handle.Dispose();
}
