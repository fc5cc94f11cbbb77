using Tributary.ClickHouse.Columns;

namespace Tributary.ClickHouse.Native;

/// <summary>Rows as columns, in the order and under the names that the statement gave them.</summary>
public sealed class Block
{
    private readonly List<(string Name, Column Column)> columns = [];

    /// <summary>A block to be filled and inserted: a column per name and type.</summary>
    public static Block Of(params ReadOnlySpan<(string Name, string Type)> columns)
    {
        var block = new Block();
        foreach (var (name, type) in columns) block.columns.Add((name, ColumnOf.Type(type)));
        return block;
    }

    public int ColumnCount => columns.Count;

    public int RowCount => columns.Count == 0 ? 0 : columns[0].Column.Count;

    public IEnumerable<string> Names => columns.Select(column => column.Name);

    public string Name(int index) => columns[index].Name;

    public Column this[int index] => columns[index].Column;

    public Column this[string name] => columns[Index(name)].Column;

    public int Index(string name) => columns.FindIndex(column => column.Name == name) is >= 0 and var index
        ? index
        : throw new ArgumentException($"There is no column '{name}'.", nameof(name));

    /// <summary>A column as its values' type: <c>block.Column&lt;string&gt;("name")</c>.</summary>
    public Column<T> Column<T>(string name) => this[name] as Column<T>
        ?? throw new InvalidCastException($"{name} is {this[name].Type} and not read as {typeof(T).Name}.");

    public void Clear()
    {
        foreach (var (_, column) in columns) column.Clear();
    }

    /// <summary>Reads the next block into the columns that the last one had; false at the end.</summary>
    internal async ValueTask<bool> ReadAsync(NativeInput input, CancellationToken cancellationToken)
    {
        if (await input.EndedAsync(cancellationToken)) return false;

        var count = await input.LengthAsync(cancellationToken);
        var rows = await input.LengthAsync(cancellationToken);
        for (var index = 0; index < count; index++)
        {
            var name = await input.TextAsync(cancellationToken);
            var type = await input.TextAsync(cancellationToken);
            var column = Slot(index, name, type);
            if (rows > 0) await column.ReadPrefixAsync(input, cancellationToken);
            await column.ReadAsync(input, rows, cancellationToken);
        }

        return true;
    }

    internal void Write(NativeOutput output)
    {
        output.Length(columns.Count);
        output.Length(RowCount);
        foreach (var (name, column) in columns)
        {
            if (column.Count != RowCount) throw new InvalidOperationException(
                $"{name} has {column.Count} rows of {RowCount}.");
            output.Text(name);
            output.Text(column.SentType);
            column.WritePrefix(output);
            column.Write(output);
        }
    }

    private Column Slot(int index, string name, string type)
    {
        if (index < columns.Count && columns[index].Name == name
            && columns[index].Column.Type == type) return columns[index].Column;

        var column = ColumnOf.Type(type);
        if (index < columns.Count) columns[index] = (name, column);
        else columns.Add((name, column));
        return column;
    }
}
