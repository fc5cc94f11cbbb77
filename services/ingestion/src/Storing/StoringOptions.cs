using System.ComponentModel.DataAnnotations;

namespace Tributary.Ingestion.Storing;

/// <summary>Section <c>Ingestion:Storing</c>: how blocks are cut, and how much is under way at once.</summary>
public sealed class StoringOptions
{
    /// <summary>A block is cut when its first row has waited so long, …</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan BlockAgeMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>… or when it has so many rows, …</summary>
    [Range(1, 100_000)]
    public int BlockRowsMax { get; init; } = 50_000;

    /// <summary>… or so many bytes.</summary>
    [Range(1 << 20, 256 << 20)]
    public int BlockBytesMax { get; init; } = 32 << 20;

    /// <summary>Blocks that are made or on their way to ClickHouse at once; each takes memory twice its size.</summary>
    [Range(1, 32)]
    public int BlocksAtOnceMax { get; init; } = 3;

    /// <summary>Records that are read and wait for their block, of all partitions of a topic together.</summary>
    [Range(1 << 20, 1 << 30)]
    public int WaitingBytesMax { get; init; } = 128 << 20;

    /// <summary>How long an insert may take before it is sent again.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan InsertMax { get; init; } = TimeSpan.FromMinutes(2);
}

/// <summary>Section <c>ClickHouse</c>: where the read model is.</summary>
public sealed class ClickHouseOptions
{
    /// <summary><c>http://user:password@host:port/database</c>.</summary>
    [Required]
    public string Url { get; init; } = "http://default@127.0.0.1:8085/tributary";
}
