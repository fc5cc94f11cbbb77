using System.ComponentModel.DataAnnotations;

namespace Tributary.Ingestion.Keeping;

/// <summary>Section <c>Ingestion:Keep</c>: what is on its way to the log.</summary>
internal sealed class KeepingOptions
{
    /// <summary>What is sent to Kafka and not answered. More goes to the spool; without one: 503.</summary>
    [Range(8 << 20, 1 << 30)]
    public int BufferBytesMax { get; init; } = 32 << 20;

    /// <summary>Without Kafka's answer for so long, an outcome is unknown: 503.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:10")]
    public TimeSpan AnswerTimeMax { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Kafka may be silent for so long while events are on their way; then all go to the spool.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:10")]
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Batches on their way at one time. While they are, others fill, as many as the load brings.</summary>
    [Range(1, 5)]
    public int BatchesInFlightMax { get; init; } = 2;
}

/// <summary>Section <c>Ingestion:Spool</c>: what keeps events on this machine while Kafka is away.</summary>
internal sealed class SpoolOptions
{
    /// <summary>A folder that outlasts the process, on a disk of this machine. Empty: there is no spool.</summary>
    public string Folder { get; init; } = "";

    /// <summary>What it may hold. More: 503.</summary>
    [Range(1 << 20, 1L << 40)]
    public long BytesMax { get; init; } = 1L << 30;

    /// <summary>Size of a file, which is removed when all of it is in the log.</summary>
    [Range(64 << 10, 1 << 30)]
    public int FileBytesMax { get; init; } = 16 << 20;
}
