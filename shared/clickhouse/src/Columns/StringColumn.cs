using System.Runtime.InteropServices;
using System.Text;
using Tributary.ClickHouse.Native;

namespace Tributary.ClickHouse.Columns;

/// <summary>
/// Strings: kept as bytes, which a string of ClickHouse may be any of; made text where text is asked for.
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
        return bytes.AsSpan(start, ends[row] - start);
    }

    public override void Add(string value)
    {
        var start = Start;
        var end = start + Encoding.UTF8.GetBytes(value, Room(Encoding.UTF8.GetMaxByteCount(value.Length)));
        End(end);
    }

    public void Add(ReadOnlySpan<byte> value)
    {
        var end = Start + value.Length;
        value.CopyTo(Room(value.Length));
        End(end);
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
            var start = Start;
            _ = Room(length);
            await input.BytesAsync(bytes, start, length, cancellationToken);
            End(start + length);
        }
    }

    internal override void Write(NativeOutput output)
    {
        for (var row = 0; row < count; row++)
        {
            var value = Bytes(row);
            output.Length(value.Length);
            output.Bytes(value);
        }
    }

    private int Start => count == 0 ? 0 : ends[count - 1];

    private void TakeWhole(NativeInput input, int rows)
    {
        var ready = input.Ready;
        var at = 0;
        while (count < rows && VarInt.TryRead(ready[at..], out var length, out var head)
            && ready.Length - at - head >= length)
        {
            Add(ready.Slice(at + head, length));
            at += head + length;
        }

        input.Advance(at);
    }

    private Span<byte> Room(int length)
    {
        var start = Start;
        if (bytes.Length - start < length) Array.Resize(ref bytes, Math.Max(bytes.Length * 2, checked(start + length)));
        return bytes.AsSpan(start);
    }

    private void End(int end)
    {
        if (count == ends.Length) Array.Resize(ref ends, count * 2);
        ends[count++] = end;
    }
}
