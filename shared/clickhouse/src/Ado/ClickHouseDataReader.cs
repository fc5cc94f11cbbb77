using System.Collections;
using System.Data;
using System.Data.Common;
using System.Globalization;
using Tributary.ClickHouse.Columns;
using Tributary.ClickHouse.Native;

namespace Tributary.ClickHouse;

/// <summary>ADO.NET's rows over a result's blocks. Typed getters do not box.</summary>
public sealed class ClickHouseDataReader : DbDataReader
{
    private readonly BlockReader blocks;
    private readonly CancellationTokenSource lifetime;
    private int row = -1;
    private bool more = true;
    private bool begun;
    private bool closed;

    internal ClickHouseDataReader(BlockReader blocks, CancellationTokenSource lifetime)
    {
        this.blocks = blocks;
        this.lifetime = lifetime;
    }

    public override int Depth => 0;

    public override int FieldCount => blocks.Block.ColumnCount;

    public override bool HasRows => row >= 0 || blocks.Block.RowCount > 0;

    public override bool IsClosed => closed;

    public override int RecordsAffected => -1;

    public override object this[int ordinal] => GetValue(ordinal);

    public override object this[string name] => GetValue(GetOrdinal(name));

    public override async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        row++;
        while (row >= blocks.Block.RowCount)
        {
            if (!more || !(more = await blocks.ReadAsync(cancellationToken))) return false;
            row = 0;
        }

        return true;
    }

    public override bool Read()
    {
        if (row + 1 >= blocks.Block.RowCount) return ReadAsync(CancellationToken.None).GetAwaiter().GetResult();
        row++;
        return true;
    }

    public override bool NextResult() => false;

    public override string GetDataTypeName(int ordinal) => blocks.Block[ordinal].Type;

    public override Type GetFieldType(int ordinal) =>
        Nullable.GetUnderlyingType(blocks.Block[ordinal].ValueType) ?? blocks.Block[ordinal].ValueType;

    public override DataTable GetSchemaTable() => SchemaCollections.Of(this);

    public override string GetName(int ordinal) => blocks.Block.Name(ordinal);

    public override int GetOrdinal(string name) => blocks.Block.Index(name);

    public override object GetValue(int ordinal) => blocks.Block[ordinal].Value(row) ?? DBNull.Value;

    public override int GetValues(object[] values)
    {
        var count = Math.Min(values.Length, FieldCount);
        for (var ordinal = 0; ordinal < count; ordinal++) values[ordinal] = GetValue(ordinal);
        return count;
    }

    public override bool IsDBNull(int ordinal) => blocks.Block[ordinal] is NullableColumn nullable
        ? nullable.IsNull(row)
        : blocks.Block[ordinal].Value(row) is null;

    public override T GetFieldValue<T>(int ordinal)
    {
        var column = blocks.Block[ordinal];
        if (column is NullableColumn nullable && !nullable.IsNull(row)) column = nullable.Inner;
        if (column is Column<T> typed) return typed[row];

        var value = column.Value(row);
        return value switch
        {
            T same => same,
            null when default(T) is null => default!,
            null => throw new InvalidCastException($"{GetName(ordinal)} is NULL."),
            DateTime moment when typeof(T) == typeof(DateTimeOffset) =>
                (T)(object)new DateTimeOffset(moment, TimeSpan.Zero),
            DateOnly day when typeof(T) == typeof(DateTime) =>
                (T)(object)day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc),
            _ => (T)Convert.ChangeType(value, typeof(T), CultureInfo.InvariantCulture),
        };
    }

    public override bool GetBoolean(int ordinal) => GetFieldValue<bool>(ordinal);

    public override byte GetByte(int ordinal) => GetFieldValue<byte>(ordinal);

    public override char GetChar(int ordinal) => GetString(ordinal)[0];

    public override DateTime GetDateTime(int ordinal) => GetFieldValue<DateTime>(ordinal);

    public override decimal GetDecimal(int ordinal) => GetFieldValue<decimal>(ordinal);

    public override double GetDouble(int ordinal) => GetFieldValue<double>(ordinal);

    public override float GetFloat(int ordinal) => GetFieldValue<float>(ordinal);

    public override Guid GetGuid(int ordinal) => GetFieldValue<Guid>(ordinal);

    public override short GetInt16(int ordinal) => GetFieldValue<short>(ordinal);

    public override int GetInt32(int ordinal) => GetFieldValue<int>(ordinal);

    public override long GetInt64(int ordinal) => GetFieldValue<long>(ordinal);

    public override string GetString(int ordinal) => GetFieldValue<string>(ordinal);

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length)
    {
        var column = blocks.Block[ordinal] is NullableColumn nullable ? nullable.Inner : blocks.Block[ordinal];
        var bytes = column switch
        {
            StringColumn text => text.Bytes(row),
            FixedStringColumn text => text.Bytes(row),
            _ => throw new InvalidCastException($"{GetName(ordinal)} is {column.Type} and no bytes."),
        };
        if (buffer is null) return bytes.Length;

        var count = Math.Min(length, bytes.Length - (int)dataOffset);
        bytes.Slice((int)dataOffset, count).CopyTo(buffer.AsSpan(bufferOffset));
        return count;
    }

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length)
    {
        var text = GetString(ordinal);
        if (buffer is null) return text.Length;
        var count = Math.Min(length, text.Length - (int)dataOffset);
        text.CopyTo((int)dataOffset, buffer, bufferOffset, count);
        return count;
    }

    public override IEnumerator GetEnumerator() => new DbEnumerator(this);

    public override void Close()
    {
        if (closed) return;
        closed = true;
        blocks.Dispose();
        lifetime.Dispose();
    }

    /// <summary>Reads to the first block, so that the columns are known before the first row.</summary>
    internal async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (begun) return;
        begun = true;
        more = await blocks.ReadAsync(cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) Close();
        base.Dispose(disposing);
    }
}
