using Tributary.ClickHouse.Native;

namespace Tributary.ClickHouse.Columns;

/// <summary>
/// A column of a block: rows to read after one was received, or rows added to be sent. Keeps its memory from block to
/// block. Used by one thread at a time.
/// </summary>
public abstract class Column(string type)
{
    /// <summary>The type as ClickHouse writes it.</summary>
    public string Type => type;

    public abstract int Count { get; }

    /// <summary>What <see cref="Value"/> gives.</summary>
    public abstract Type ValueType { get; }

    /// <summary>A row's value boxed; null for NULL.</summary>
    public abstract object? Value(int row);

    /// <summary>Adds a value, converted where that loses nothing.</summary>
    public abstract void AddValue(object? value);

    public abstract void Clear();

    /// <summary>What a NULL or an absent value is stored as.</summary>
    internal abstract void AddDefault();

    /// <summary>The type that is announced when the column is sent.</summary>
    internal virtual string SentType => Type;

    internal virtual ValueTask ReadPrefixAsync(NativeInput input, CancellationToken cancellationToken) => default;

    internal abstract ValueTask ReadAsync(NativeInput input, int rows, CancellationToken cancellationToken);

    internal virtual void WritePrefix(NativeOutput output)
    {
    }

    internal abstract void Write(NativeOutput output);

    /// <summary>An array of <see cref="ValueType"/> of these rows.</summary>
    internal abstract Array Slice(int start, int count);
}

/// <summary>A column whose rows are read and added as <typeparamref name="T"/>, without boxing.</summary>
public abstract class Column<T>(string type) : Column(type)
{
    public abstract T this[int row] { get; }

    public override Type ValueType => typeof(T);

    public abstract void Add(T value);

    public override object? Value(int row) => this[row];

    public override void AddValue(object? value)
    {
        if (value is T typed) Add(typed);
        else if (value is null) throw new ArgumentNullException(nameof(value), $"{Type} holds no NULL.");
        else Add(Convert(value));
    }

    internal override Array Slice(int start, int count)
    {
        var slice = new T[count];
        for (var row = 0; row < count; row++) slice[row] = this[start + row];
        return slice;
    }

    protected virtual T Convert(object value) =>
        (T)System.Convert.ChangeType(value, typeof(T), System.Globalization.CultureInfo.InvariantCulture);
}
