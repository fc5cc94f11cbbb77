using System.Collections;
using Tributary.ClickHouse.Native;

namespace Tributary.ClickHouse.Columns;

/// <summary>
/// Maps: where each row's pairs end, the keys and the values. A key that comes twice keeps its last value.
/// </summary>
public sealed class MapColumn(string type, Column keys, Column values) : Column(type)
{
    private readonly FixedColumn<ulong> ends = new("UInt64");
    private readonly Type valueType = typeof(Dictionary<,>).MakeGenericType(keys.ValueType, values.ValueType);

    public Column Keys => keys;

    public Column Values => values;

    public override int Count => ends.Count;

    public override Type ValueType => valueType;

    internal override string SentType => $"Map({keys.SentType}, {values.SentType})";

    public (int Start, int Count) Range(int row)
    {
        var start = row == 0 ? 0 : (int)ends[row - 1];
        return (start, (int)ends[row] - start);
    }

    /// <summary>Ends a row: its pairs are those added to keys and values since the last one ended.</summary>
    public void EndRow() => ends.Add((ulong)keys.Count);

    public override object? Value(int row)
    {
        var map = (IDictionary)Activator.CreateInstance(valueType)!;
        var (start, count) = Range(row);
        for (var pair = start; pair < start + count; pair++) map[keys.Value(pair)!] = values.Value(pair);
        return map;
    }

    public override void AddValue(object? value)
    {
        if (value is null) throw new ArgumentNullException(nameof(value), $"{Type} holds no NULL.");
        foreach (DictionaryEntry pair in (IDictionary)value)
        {
            keys.AddValue(pair.Key);
            values.AddValue(pair.Value);
        }

        EndRow();
    }

    public override void Clear()
    {
        ends.Clear();
        keys.Clear();
        values.Clear();
    }

    internal override void AddDefault() => EndRow();

    internal override async ValueTask ReadPrefixAsync(NativeInput input, CancellationToken cancellationToken)
    {
        await keys.ReadPrefixAsync(input, cancellationToken);
        await values.ReadPrefixAsync(input, cancellationToken);
    }

    internal override async ValueTask ReadAsync(NativeInput input, int rows, CancellationToken cancellationToken)
    {
        await ends.ReadAsync(input, rows, cancellationToken);
        var pairs = rows == 0 ? 0 : checked((int)ends[rows - 1]);
        await keys.ReadAsync(input, pairs, cancellationToken);
        await values.ReadAsync(input, pairs, cancellationToken);
    }

    internal override void WritePrefix(NativeOutput output)
    {
        keys.WritePrefix(output);
        values.WritePrefix(output);
    }

    internal override void Write(NativeOutput output)
    {
        ends.Write(output);
        keys.Write(output);
        values.Write(output);
    }

    internal override Array Slice(int start, int count)
    {
        var slice = Array.CreateInstance(valueType, count);
        for (var row = 0; row < count; row++) slice.SetValue(Value(start + row), row);
        return slice;
    }
}
