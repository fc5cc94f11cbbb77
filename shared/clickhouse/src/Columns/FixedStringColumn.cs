using Tributary.ClickHouse.Native;

namespace Tributary.ClickHouse.Columns;

/// <summary>Strings of one length in bytes; a shorter one is filled up with zeros, as ClickHouse does.</summary>
public sealed class FixedStringColumn(string type, int length) : Column<byte[]>(type)
{
    private byte[] bytes = new byte[length * 64];
    private int count;

    public override int Count => count;

    public override byte[] this[int row] => Bytes(row).ToArray();

    public ReadOnlySpan<byte> Bytes(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)count);
        return bytes.AsSpan(row * length, length);
    }

    public override void Add(byte[] value) => Add(value.AsSpan());

    public void Add(ReadOnlySpan<byte> value)
    {
        if (value.Length > length) throw new ArgumentException($"{value.Length} bytes do not fit into {Type}.",
            nameof(value));
        if ((count + 1) * length > bytes.Length) Array.Resize(ref bytes, bytes.Length * 2);
        var target = bytes.AsSpan(count++ * length, length);
        target.Clear();
        value.CopyTo(target);
    }

    public override void Clear() => count = 0;

    internal override void AddDefault() => Add([]);

    internal override async ValueTask ReadAsync(NativeInput input, int rows, CancellationToken cancellationToken)
    {
        if (bytes.Length < rows * length) bytes = new byte[rows * length];
        count = rows;
        await input.BytesAsync(bytes, 0, rows * length, cancellationToken);
    }

    internal override void Write(NativeOutput output) => output.Bytes(bytes.AsSpan(0, count * length));

    protected override byte[] Convert(object value) => System.Text.Encoding.UTF8.GetBytes((string)value);
}
