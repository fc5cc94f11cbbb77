using Tributary.ClickHouse.Native;

namespace Tributary.ClickHouse.Columns;

/// <summary>A column whose rows are kept as ClickHouse has them and converted as they are asked for.</summary>
public sealed class ConvertedColumn<TKept, T>(string type, Func<TKept, T> read, Func<T, TKept> write,
    Func<object, T>? accept = null) : Column<T>(type)
    where TKept : unmanaged
{
    /// <summary>The rows as ClickHouse has them.</summary>
    public FixedColumn<TKept> Kept { get; } = new(type);

    public override int Count => Kept.Count;

    public override T this[int row] => read(Kept[row]);

    public override void Add(T value) => Kept.Add(write(value));

    public override void Clear() => Kept.Clear();

    internal override void AddDefault() => Kept.AddDefault();

    internal override ValueTask ReadAsync(NativeInput input, int rows, CancellationToken cancellationToken) =>
        Kept.ReadAsync(input, rows, cancellationToken);

    internal override void Write(NativeOutput output) => Kept.Write(output);

    protected override T Convert(object value) => accept is null ? base.Convert(value) : accept(value);
}
