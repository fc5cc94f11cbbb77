using Tributary.ClickHouse.Native;

namespace Tributary.ClickHouse.Columns;

/// <summary>Values that may be NULL: which are, and the values, where NULL has a default in its place.</summary>
public sealed class NullableColumn(string type, Column inner) : Column(type)
{
    private readonly FixedColumn<byte> nulls = new("UInt8");

    public Column Inner => inner;

    public override int Count => nulls.Count;

    public override Type ValueType => inner.ValueType.IsValueType
        ? typeof(Nullable<>).MakeGenericType(inner.ValueType)
        : inner.ValueType;

    internal override string SentType => $"Nullable({inner.SentType})";

    public bool IsNull(int row) => nulls[row] != 0;

    public override object? Value(int row) => IsNull(row) ? null : inner.Value(row);

    public override void AddValue(object? value)
    {
        if (value is null or DBNull)
        {
            AddNull();
            return;
        }

        inner.AddValue(value);
        nulls.Add(0);
    }

    public void AddNull()
    {
        nulls.Add(1);
        inner.AddDefault();
    }

    /// <summary>Adds a value that is not NULL; <see cref="Inner"/> must be of its type.</summary>
    public void Add<T>(T value)
    {
        ((Column<T>)inner).Add(value);
        nulls.Add(0);
    }

    public override void Clear()
    {
        nulls.Clear();
        inner.Clear();
    }

    internal override void AddDefault() => AddNull();

    internal override ValueTask ReadPrefixAsync(NativeInput input, CancellationToken cancellationToken) =>
        inner.ReadPrefixAsync(input, cancellationToken);

    internal override async ValueTask ReadAsync(NativeInput input, int rows, CancellationToken cancellationToken)
    {
        await nulls.ReadAsync(input, rows, cancellationToken);
        await inner.ReadAsync(input, rows, cancellationToken);
    }

    internal override void WritePrefix(NativeOutput output) => inner.WritePrefix(output);

    internal override void Write(NativeOutput output)
    {
        nulls.Write(output);
        inner.Write(output);
    }

    internal override Array Slice(int start, int count)
    {
        var slice = Array.CreateInstance(ValueType, count);
        for (var row = 0; row < count; row++) slice.SetValue(Value(start + row), row);
        return slice;
    }
}
