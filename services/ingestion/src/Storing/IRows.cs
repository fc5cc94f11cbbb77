using Tributary.ClickHouse.Native;
using Tributary.Streaming;

namespace Tributary.Ingestion.Storing;

/// <summary>Makes a table's rows of records, and keeps its memory from block to block. One thread at a time.</summary>
internal interface IRows
{
    string Table { get; }

    Block Block { get; }

    /// <summary>Adds a record's row.</summary>
    /// <exception cref="FormatException">No row can be made of it; none was added.</exception>
    void Add(ReadOnlySpan<byte> value, Record record);

    /// <summary>Rows of another table that go with the block; empty for most.</summary>
    Block? Beside => null;

    string? TableBeside => null;

    void Clear();
}
