using System.Collections;
using System.Runtime.CompilerServices;
using Tributary.ClickHouse.Native;

namespace Tributary.ClickHouse.Columns;

/// <summary>Tuples: a column per element. A row's value is an array of its elements; an ITuple is taken too.</summary>
public sealed class TupleColumn(string type, IReadOnlyList<Column> elements) : Column(type)
{
    public IReadOnlyList<Column> Elements => elements;

    public override int Count => elements[0].Count;

    public override Type ValueType => typeof(object?[]);

    internal override string SentType => $"Tuple({string.Join(", ", elements.Select(element => element.SentType))})";

    public override object? Value(int row) => elements.Select(element => element.Value(row)).ToArray();

    public override void AddValue(object? value)
    {
        var given = value switch
        {
            ITuple tuple => Enumerable.Range(0, tuple.Length).Select(index => tuple[index]).ToArray(),
            IEnumerable list => list.Cast<object?>().ToArray(),
            _ => throw new ArgumentException($"{value?.GetType().Name ?? "NULL"} is no value of {Type}.",
                nameof(value)),
        };
        if (given.Length != elements.Count) throw new ArgumentException($"{Type} has not {given.Length} elements.",
            nameof(value));
        for (var index = 0; index < given.Length; index++) elements[index].AddValue(given[index]);
    }

    public override void Clear()
    {
        foreach (var element in elements) element.Clear();
    }

    internal override void AddDefault()
    {
        foreach (var element in elements) element.AddDefault();
    }

    internal override async ValueTask ReadPrefixAsync(NativeInput input, CancellationToken cancellationToken)
    {
        foreach (var element in elements) await element.ReadPrefixAsync(input, cancellationToken);
    }

    internal override async ValueTask ReadAsync(NativeInput input, int rows, CancellationToken cancellationToken)
    {
        foreach (var element in elements) await element.ReadAsync(input, rows, cancellationToken);
    }

    internal override void WritePrefix(NativeOutput output)
    {
        foreach (var element in elements) element.WritePrefix(output);
    }

    internal override void Write(NativeOutput output)
    {
        foreach (var element in elements) element.Write(output);
    }

    internal override Array Slice(int start, int count)
    {
        var slice = new object?[count][];
        for (var row = 0; row < count; row++) slice[row] = (object?[])Value(start + row)!;
        return slice;
    }
}
