using System.Globalization;
using Tributary.Streaming.Writing;

namespace Tributary.Ingestion.Deduplicating;

/// <summary>Where this machine keeps the windows of the partitions that it had.</summary>
internal sealed partial class WindowFolder(string folder, ILogger<WindowFolder> logger)
{
    public (SourcePosition Last, IdWindow Window)? Read(int partition, WindowBounds bounds) =>
        folder.Length == 0 ? null : WindowFile.Read(PathOf(partition), bounds);

    /// <summary>Says so where it can't: the window is then read from the log at the next start.</summary>
    public void Write(PartitionState state)
    {
        if (folder.Length == 0 || state.Written is not { } last) return;
        try
        {
            WindowFile.Write(PathOf(state.Partition), last, state.Window);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            NotSaved(state.Partition, exception.Message);
        }
    }

    private string PathOf(int partition) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"window-{partition}"));

    [LoggerMessage(LogLevel.Warning, "The window of partition {Partition} could not be saved: {Reason}")]
    private partial void NotSaved(int partition, string reason);
}
