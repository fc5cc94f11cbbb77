using System.Collections;
using Tributary.ClickHouse.Native;

namespace Tributary.ClickHouse.Columns;

/// <summary>Arrays: where each row's elements end, and all elements in a row.</summary>
public sealed class ArrayColumn(string type, Column elements) : Column(type)
{
    private readonly FixedColumn<ulong> ends = new("UInt64");

    public Column Elements => elements;

    public override int Count => ends.Count;

    public override Type ValueType => elements.ValueType.MakeArrayType();

    internal override string SentType => $"Array({elements.SentType})";

    /// <summary>Where a row's elements are in <see cref="Elements"/>.</summary>
    public (int Start, int Count) Range(int row)
    {
        var start = row == 0 ? 0 : (int)ends[row - 1];
        return (start, (int)ends[row] - start);
    }

    /// <summary>Ends a row: its elements are those added to <see cref="Elements"/> since the last one ended.</summary>
    public void EndRow() => ends.Add((ulong)elements.Count);

    public override object? Value(int row)
    {
        var (start, count) = Range(row);
        return elements.Slice(start, count);
    }

    public override void AddValue(object? value)
    {
        if (value is null) throw new ArgumentNullException(nameof(value), $"{Type} holds no NULL.");
        foreach (var element in (IEnumerable)value) elements.AddValue(element);
        EndRow();
    }

    public override void Clear()
    {
        ends.Clear();
        elements.Clear();
    }

    internal override void AddDefault() => EndRow();

    internal override ValueTask ReadPrefixAsync(NativeInput input, CancellationToken cancellationToken) =>
        elements.ReadPrefixAsync(input, cancellationToken);

    internal override async ValueTask ReadAsync(NativeInput input, int rows, CancellationToken cancellationToken)
    {
        await ends.ReadAsync(input, rows, cancellationToken);
        await elements.ReadAsync(input, rows == 0 ? 0 : checked((int)ends[rows - 1]), cancellationToken);
    }

    internal override void WritePrefix(NativeOutput output) => elements.WritePrefix(output);

    internal override void Write(NativeOutput output)
    {
        ends.Write(output);
        elements.Write(output);
    }

    internal override Array Slice(int start, int count)
    {
        var slice = Array.CreateInstance(ValueType, count);
        for (var row = 0; row < count; row++) slice.SetValue(Value(start + row), row);
        return slice;
    }
}
