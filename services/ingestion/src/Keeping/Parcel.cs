using System.Buffers;
using Tributary.Streaming.Writing;

namespace Tributary.Ingestion.Keeping;

/// <summary>
/// The events of one request as they are to be in the log: keys and values, one after the other in one buffer. Filled
/// by one thread, kept, and used again by another request.
/// </summary>
internal sealed class Parcel : IDisposable
{
    private const int BytesKept = 256 << 10;
    private byte[] _bytes = [];
    private RecordPlace[] _places = new RecordPlace[4];
    private int _length;

    public int Count { get; private set; }

    /// <summary>Of all keys and values together.</summary>
    public int Bytes => _length;

    /// <summary>All keys and values.</summary>
    public ReadOnlySpan<byte> Buffer => _bytes.AsSpan(0, _length);

    /// <summary>Where each event lies in the buffer.</summary>
    public ReadOnlySpan<RecordPlace> Places => _places.AsSpan(0, Count);

    public ReadOnlySpan<byte> Key(int index) => _bytes.AsSpan(_places[index].Start, _places[index].KeyLength);

    public ReadOnlySpan<byte> Value(int index) =>
        _bytes.AsSpan(_places[index].Start + _places[index].KeyLength, _places[index].ValueLength);

    /// <summary>Where the next event is to be written: its key, and right after it its value.</summary>
    public Span<byte> Room(int bytes)
    {
        if (_bytes.Length - _length < bytes) Grow(bytes);
        return _bytes.AsSpan(_length);
    }

    /// <summary>The next event was written into its room.</summary>
    public void Add(int keyLength, int valueLength)
    {
        if (Count == _places.Length) Array.Resize(ref _places, Count * 4);
        _places[Count++] = new RecordPlace(_length, keyLength, valueLength);
        _length += keyLength + valueLength;
    }

    public void Clear()
    {
        (Count, _length) = (0, 0);
        if (_places.Length > 1_024) _places = new RecordPlace[4];
        if (_bytes.Length > BytesKept) Return();
    }

    public void Dispose() => Return();

    private void Grow(int bytes)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_length + bytes, Math.Min(_bytes.Length * 2, 8 << 20)));
        _bytes.AsSpan(0, _length).CopyTo(larger);
        Return();
        _bytes = larger;
    }

    private void Return()
    {
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }
}
