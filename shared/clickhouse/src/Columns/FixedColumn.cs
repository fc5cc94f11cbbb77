using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tributary.ClickHouse.Native;

namespace Tributary.ClickHouse.Columns;

/// <summary>Numbers and whatever else has the same bytes here and there.</summary>
public sealed class FixedColumn<T>(string type) : Column<T>(type)
    where T : unmanaged
{
    private T[] values = new T[64];
    private int count;

    public override int Count => count;

    public ReadOnlySpan<T> Values => values.AsSpan(0, count);

    public override T this[int row] => Values[row];

    public override void Add(T value)
    {
        if (count == values.Length) Array.Resize(ref values, count * 2);
        values[count++] = value;
    }

    public void AddRange(ReadOnlySpan<T> range)
    {
        if (values.Length - count < range.Length) Array.Resize(ref values,
            Math.Max(values.Length * 2, count + range.Length));
        range.CopyTo(values.AsSpan(count));
        count += range.Length;
    }

    public override void Clear() => count = 0;

    internal override void AddDefault() => Add(default);

    internal override async ValueTask ReadAsync(NativeInput input, int rows, CancellationToken cancellationToken)
    {
        if (values.Length < rows) values = new T[rows];
        count = rows;
        for (var at = 0; at < rows * Unsafe.SizeOf<T>();)
        {
            if (input.Ready.IsEmpty) await input.NeedAsync(1, cancellationToken);
            at += Copy(input, at);
        }
    }

    internal override void Write(NativeOutput output) => output.Values(Values);

    protected override T Convert(object value) => value is BigInteger big && typeof(T) != typeof(double)
        ? Of(big)
        : typeof(T) == typeof(Int128) || typeof(T) == typeof(UInt128)
            ? Of(BigInteger.Parse(value.ToString()!, System.Globalization.CultureInfo.InvariantCulture))
            : base.Convert(value);

    private static T Of(BigInteger value) => typeof(T) == typeof(Int128)
        ? (T)(object)(Int128)value
        : typeof(T) == typeof(UInt128) ? (T)(object)(UInt128)value
            : (T)System.Convert.ChangeType((decimal)value, typeof(T), null);

    private int Copy(NativeInput input, int at)
    {
        var target = MemoryMarshal.AsBytes(values.AsSpan(0, count))[at..];
        var taken = Math.Min(target.Length, input.Ready.Length);
        input.Ready[..taken].CopyTo(target);
        input.Advance(taken);
        return taken;
    }
}
