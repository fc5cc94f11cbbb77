using System.Buffers;
using System.Text;
using Tributary.ClickHouse.Native;

namespace Tributary.ClickHouse.Columns;

/// <summary>
/// Few values many times: each once, and per row its number. A value read is made once a block, however many rows
/// have it. Where NULL is allowed its number is 0.
/// </summary>
public sealed class LowCardinalityColumn<T>(string type, Column<T> values, bool nullable) : Column<T>(type)
    where T : notnull
{
    private const ulong Version = 1;
    private const ulong HasKeys = 1 << 9;
    private const ulong NewDictionary = 1 << 10;
    private readonly Dictionary<T, int> numbers = [];
    private readonly FixedColumn<int> rows = new("Int32");
    private T[] cache = [];
    private int cached;

    public override int Count => rows.Count;

    /// <summary>The values that occur; <see cref="Number"/> says which a row has.</summary>
    public Column<T> Values => values;

    public override T this[int row] => IsNull(row) ? default! : Cached(rows[row]);

    internal override string SentType =>
        nullable ? $"LowCardinality(Nullable({values.SentType}))" : $"LowCardinality({values.SentType})";

    public int Number(int row) => rows[row];

    public bool IsNull(int row) => nullable && rows[row] == 0;

    public override object? Value(int row) => IsNull(row) ? null : this[row];

    public override void Add(T value)
    {
        Begin();
        if (!numbers.TryGetValue(value, out var number))
        {
            number = values.Count;
            numbers.Add(value, number);
            values.Add(value);
        }

        rows.Add(number);
    }

    /// <summary>Adds text by its bytes; it becomes a string only where the block does not have it yet.</summary>
    /// <exception cref="InvalidCastException">The column's values are not kept as strings.</exception>
    public void AddText(ReadOnlySpan<byte> utf8)
    {
        Begin();
        if (rows.Count > 0 && utf8.SequenceEqual(((StringColumn)(Column)values).Bytes(rows.Values[^1])))
        {
            rows.Add(rows.Values[^1]); // Most rows have what the row before them has.
            return;
        }

        var rented = utf8.Length <= 256 ? null : ArrayPool<char>.Shared.Rent(utf8.Length);
        var text = rented is null ? stackalloc char[256] : rented;
        text = text[..Encoding.UTF8.GetChars(utf8, text)];
        var known = ((Dictionary<string, int>)(object)numbers).GetAlternateLookup<ReadOnlySpan<char>>();
        if (known.TryGetValue(text, out var number)) rows.Add(number);
        else Add((T)(object)text.ToString());
        if (rented is not null) ArrayPool<char>.Shared.Return(rented);
    }

    public override void AddValue(object? value)
    {
        if (value is null or DBNull && nullable) AddDefault();
        else base.AddValue(value);
    }

    public override void Clear()
    {
        numbers.Clear();
        rows.Clear();
        values.Clear();
        cached = 0;
    }

    internal override void AddDefault()
    {
        Begin();
        rows.Add(0); // The first value is the type's default, and NULL where that is allowed.
    }

    internal override async ValueTask ReadPrefixAsync(NativeInput input, CancellationToken cancellationToken)
    {
        var version = await input.UInt64Async(cancellationToken);
        if (version != Version) throw new NotSupportedException($"LowCardinality came in serialization {version}.");
    }

    internal override async ValueTask ReadAsync(NativeInput input, int count, CancellationToken cancellationToken)
    {
        Clear();
        if (count == 0) return;
        var flags = await input.UInt64Async(cancellationToken);
        await values.ReadAsync(input, checked((int)await input.UInt64Async(cancellationToken)), cancellationToken);
        await input.UInt64Async(cancellationToken);
        await ReadNumbersAsync(input, (int)(flags & 0xff), count, cancellationToken);
        if (cache.Length < values.Count) cache = new T[values.Count];
        for (; cached < values.Count; cached++) cache[cached] = values[cached];
    }

    internal override void WritePrefix(NativeOutput output) => output.UInt64(Version);

    internal override void Write(NativeOutput output)
    {
        if (rows.Count == 0) return;
        var width = values.Count <= byte.MaxValue ? 0 : values.Count <= ushort.MaxValue ? 1 : 2;
        output.UInt64((ulong)width | HasKeys | NewDictionary);
        output.UInt64((ulong)values.Count);
        values.Write(output);
        output.UInt64((ulong)rows.Count);
        output.Narrowed(rows.Values, width);
    }

    private void Begin()
    {
        if (values.Count > 0) return;
        values.AddDefault();
        if (!nullable) numbers.Add(values[0], 0);
    }

    private T Cached(int number) => number < cached ? cache[number] : values[number];

    private async ValueTask ReadNumbersAsync(NativeInput input, int width, int count,
        CancellationToken cancellationToken)
    {
        var size = 1 << width;
        for (var row = 0; row < count;)
        {
            await input.NeedAsync(size, cancellationToken);
            row += TakeNumbers(input, size, count - row);
        }
    }

    private int TakeNumbers(NativeInput input, int size, int most)
    {
        var taken = Math.Min(most, input.Ready.Length / size);
        var ready = input.Ready[..(taken * size)];
        for (var at = 0; at < ready.Length; at += size)
        {
            rows.Add(size switch
            {
                1 => ready[at],
                2 => System.Buffers.Binary.BinaryPrimitives.ReadUInt16LittleEndian(ready[at..]),
                _ => System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(ready[at..]),
            });
        }

        input.Advance(ready.Length);
        return taken;
    }
}
