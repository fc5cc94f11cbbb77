using System.Runtime.InteropServices;
using System.Text;
using Tributary.ClickHouse.Native;

namespace Tributary.ClickHouse.Columns;

/// <summary>
/// Strings: kept as bytes, which a string of ClickHouse may be any of, each behind its length as they travel; made text
/// where text is asked for.
/// </summary>
public sealed class StringColumn(string type = "String", bool isJson = false) : Column<string>(type)
{
    private const ulong JsonAsString = 1;
    private byte[] bytes = new byte[1024];
    private int[] ends = new int[64];
    private int count;

    public override int Count => count;

    public override string this[int row] => Encoding.UTF8.GetString(Bytes(row));

    /// <summary>JSON is sent as text; the server reads it into the column's own type.</summary>
    internal override string SentType => "String";

    /// <summary>A row as it is. Valid until the column changes.</summary>
    public ReadOnlySpan<byte> Bytes(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)count);
        var start = row == 0 ? 0 : ends[row - 1];
        if (bytes[start] < 0x80) return bytes.AsSpan(start + 1, bytes[start]);

        VarInt.TryRead(bytes.AsSpan(start), out var length, out var head);
        return bytes.AsSpan(start + head, length);
    }

    public override void Add(string value)
    {
        Encoding.UTF8.GetBytes(value, Next(Encoding.UTF8.GetByteCount(value)));
    }

    public void Add(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Next(value.Length));
    }

    public override void AddValue(object? value)
    {
        if (value is byte[] raw) Add(raw);
        else if (isJson && value is not (null or string)) Add(System.Text.Json.JsonSerializer.Serialize(value));
        else base.AddValue(value);
    }

    public override void Clear() => count = 0;

    internal override void AddDefault() => Add(isJson ? "{}"u8 : []);

    internal override async ValueTask ReadPrefixAsync(NativeInput input, CancellationToken cancellationToken)
    {
        if (!isJson) return;
        var version = await input.UInt64Async(cancellationToken);
        if (version != JsonAsString) throw new NotSupportedException(
            $"JSON came in serialization {version} and not as text.");
    }

    internal override async ValueTask ReadAsync(NativeInput input, int rows, CancellationToken cancellationToken)
    {
        Clear();
        while (count < rows)
        {
            TakeWhole(input, rows);
            if (count == rows) break;

            // The next string is not whole in the buffer: it may even be longer than the buffer is.
            var length = await input.LengthAsync(cancellationToken);
            _ = Next(length);
            await input.BytesAsync(bytes, Start - length, length, cancellationToken);
        }
    }

    internal override void Write(NativeOutput output) => output.Bytes(bytes.AsSpan(0, Start));

    /// <summary>Where the next one begins.</summary>
    private int Start => count == 0 ? 0 : ends[count - 1];

    /// <summary>Finds the ends of those that are ready whole, and takes them all together.</summary>
    private void TakeWhole(NativeInput input, int rows)
    {
        if (ends.Length < rows) Array.Resize(ref ends, rows);
        var ready = input.Ready;
        var (start, at) = (Start, 0);
        while (count < rows && VarInt.TryRead(ready[at..], out var length, out var head)
            && ready.Length - at - head >= length)
        {
            at += head + length;
            ends[count++] = start + at;
        }

        Reserve(start, at);
        ready[..at].CopyTo(bytes.AsSpan(start));
        input.Advance(at);
    }

    /// <summary>A row of so many bytes, to be filled by the caller.</summary>
    private Span<byte> Next(int length)
    {
        const int HeadMax = 5;
        var start = Start;
        Reserve(start, checked(length + HeadMax));
        start += VarInt.Write(bytes.AsSpan(start), length);
        if (count == ends.Length) Array.Resize(ref ends, count * 2);
        ends[count++] = start + length;
        return bytes.AsSpan(start, length);
    }

    private void Reserve(int start, int length)
    {
        if (bytes.Length - start < length) Array.Resize(ref bytes, Math.Max(bytes.Length * 2, checked(start + length)));
    }
}
