using System.Text;

namespace Tributary.EmbeddedClickHouse.Statements;

/// <summary>How the host has to run a statement. Closed: the three cases are all there are.</summary>
internal abstract record Statement
{
    private Statement()
    {
    }

    /// <summary>It returns rows: <paramref name="Head"/>, then where to and in which format, then the rest.</summary>
    public sealed record Rows(ReadOnlyMemory<byte> Head, string? Format, ReadOnlyMemory<byte> Tail) : Statement
    {
        /// <summary>The statement with its result written to a path in a format.</summary>
        public byte[] Into(string path, string format) =>
        [
            .. Head.Span,
            .. Encoding.UTF8.GetBytes($"\ninto outfile '{path}' truncate compression 'none' format {format}\n"),
            .. Tail.Span,
        ];

        /// <summary>The statement with its result left to the engine's memory.</summary>
        public byte[] Plain => [.. Head.Span, (byte)'\n', .. Tail.Span];
    }

    /// <summary>
    /// It inserts rows that follow it as bytes of a format, from <paramref name="DataAt"/> of the text on.
    /// </summary>
    public sealed record InsertWithRows(ReadOnlyMemory<byte> Head, string Format, int DataAt) : Statement;

    /// <summary>It defines, sets, shows, explains …: no rows in, few rows out.</summary>
    public sealed record Command(ReadOnlyMemory<byte> Text, string? Format = null) : Statement;

    /// <summary>What the host itself does in the engine's stead.</summary>
    public sealed record KillById(string QueryId, bool Synchronously) : Statement;

    public sealed record FlushLogs : Statement;
}
