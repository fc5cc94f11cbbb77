using System.ComponentModel.DataAnnotations;

namespace Tributary.Hosting.Logs;

internal enum LogFormat
{
    /// <summary>Text for a person at a terminal, JSON for everything else.</summary>
    Auto,
    Json,
    Text,
}

internal sealed class LogsOptions
{
    public LogFormat Format { get; init; } = LogFormat.Auto;

    /// <summary>Bytes waiting to be written. When they are full, those who log wait: nothing is dropped.</summary>
    [Range(65_536, 67_108_864)]
    public int WaitingBytesMax { get; init; } = 4 * 1_024 * 1_024;

    /// <summary>Longest text of one field; the rest is cut and marked.</summary>
    [Range(256, 1_048_576)]
    public int FieldLengthMax { get; init; } = 16_384;
}
